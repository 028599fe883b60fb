package optim_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"leeway/optim"
)

// field is a settings struct's field by its name in a config, embedded structs
// included.
func field(def optim.Definition, name string) reflect.Value {
	v := reflect.ValueOf(def).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.Tag.Get("json") == name {
			return v.FieldByIndex(f.Index)
		}
	}
	return reflect.Value{}
}

func setRegularization(def optim.Definition, r optim.Regularization) {
	reflect.ValueOf(def).Elem().FieldByName("Regularization").Set(reflect.ValueOf(r))
}

// Every hyperparameter of every kind is refused outside its range, by an error
// that names kind and hyperparameter, and accepted at the ends of the range.
// Truth: the ranges of the papers (decays in [0, 1), the rest not negative).
func TestHyperparameterRanges(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	type span struct{ bad, good []float64 }
	decay := span{[]float64{-1e-9, 1, 1.5, nan, inf, -inf}, []float64{0, 0.5, math.Nextafter(1, 0)}}
	nonNegative := span{[]float64{-1e-9, nan, inf, -inf}, []float64{0, 1e-300, 1, 1e9}}
	positive := span{[]float64{0, -1e-9, nan, inf, -inf}, []float64{1e-300, 1, 1e9}}
	spans := map[string]span{
		"beta": decay, "beta1": decay, "beta2": decay,
		"eps": nonNegative, "weight_decay": nonNegative, "l2": nonNegative,
	}
	tested := map[string]int{}
	for _, kind := range optim.Kinds() {
		for name, s := range spans {
			if kind == "lion-k" && name == "eps" {
				s = positive // its readout has no derivative at eps = 0
			}
			def, _ := optim.Default(kind)
			f := field(def, name)
			if !f.IsValid() {
				continue
			}
			tested[kind]++
			for _, x := range s.good {
				f.SetFloat(x)
				if _, err := def.Rule(); err != nil {
					t.Errorf("%s: %s = %v is refused: %v", kind, name, x, err)
				}
			}
			for _, x := range s.bad {
				f.SetFloat(x)
				_, err := def.Rule()
				var e *optim.RangeError
				if !errors.As(err, &e) || e.Kind != kind || e.Name != name || math.Float64bits(e.Value) != math.Float64bits(x) {
					t.Errorf("%s: %s = %v gives error %v", kind, name, x, err)
					continue
				}
				checkError(t, kind, err, fmt.Sprintf("optim: %s: %s is %v, want a", kind, name, x))
			}
		}
	}
	want := map[string]int{
		"gd": 2, "heavy-ball": 3, "nesterov": 3, "rmsprop": 4, "adam": 5, "adamw": 5,
		"nadam": 5, "nadamw": 5, "sign-gd": 2, "signum": 3, "lion": 4, "lion-k": 5,
	}
	if !reflect.DeepEqual(tested, want) {
		t.Errorf("numbers of hyperparameters tested %v, want %v", tested, want)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, lr := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := optim.New(optim.GD{}, lr, optim.Schedule{})
		checkError(t, "gd", err, fmt.Sprintf("optim: gd: lr is %v, want a finite number > 0", lr))
	}
	_, err := optim.New(optim.Adam{Beta1: 2}, 1, optim.Schedule{})
	checkError(t, "adam", err, "beta1 is 2")
	_, err = optim.New(optim.GD{}, 1, optim.Schedule{Kind: "zigzag"})
	checkError(t, "schedule", err, `unknown schedule "zigzag"`)
	_, err = optim.New(optim.HeavyBall{Form: 7}, 1, optim.Schedule{})
	checkError(t, "form", err, `optim: heavy-ball: form "MomentumForm(7)" is not one of ["ema" "polyak"]`)
	for _, def := range []optim.Definition{optim.Adam{EpsMode: -1}, optim.NAdam{EpsMode: 3}, optim.RMSProp{EpsMode: 3}} {
		_, err = optim.New(def, 1, optim.Schedule{})
		checkError(t, "eps_mode", err, `is not one of ["inside" "outside" "outside_uncorrected"]`)
	}
}

// Every kind builds from its default and is called what its kind is; its
// settings survive a config's round trip.
func TestKinds(t *testing.T) {
	for _, kind := range optim.Kinds() {
		def, err := optim.Default(kind)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := def.Rule()
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if rule.Name != kind {
			t.Errorf("kind %q builds a rule called %q", kind, rule.Name)
		}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(def).Elem()) {
			if !f.Anonymous && f.Tag.Get("json") != f.Tag.Get("yaml") {
				t.Errorf("%s: field %s has two names", kind, f.Name)
			}
		}
		text, err := json.Marshal(def)
		if err != nil {
			t.Fatal(err)
		}
		again := reflect.New(reflect.TypeOf(def).Elem()).Interface()
		if err := json.Unmarshal(text, again); err != nil || !reflect.DeepEqual(again, def) {
			t.Errorf("%s: %s read back is %+v (%v)", kind, text, again, err)
		}
		other, _ := optim.Default(kind)
		if reflect.ValueOf(other).Pointer() == reflect.ValueOf(def).Pointer() && reflect.TypeOf(def).Elem().Size() > 0 {
			t.Errorf("%s: two calls of Default share their settings", kind)
		}
	}
	_, err := optim.Default("adma")
	checkError(t, "adma", err, `unknown optimizer "adma", have ["gd"`)
	if kinds := optim.Kinds(); len(slices.Compact(slices.Sorted(slices.Values(kinds)))) != len(kinds) {
		t.Errorf("a kind is listed twice: %v", kinds)
	}
}

// What the rules say of themselves. Truth: the definitions, by hand.
func TestRuleProperties(t *testing.T) {
	for kind, want := range map[string]struct {
		nonsmooth, steady bool
		memory            int // 1 + ceil(54 ln 2 / -ln decay), the longest
		lag               float64
	}{
		"gd":         {false, true, 0, 0},
		"heavy-ball": {false, false, 357, 9},
		"nesterov":   {false, false, 357, 8.1}, // weights 1.9, 0.81, 0.729, ...: 81/10
		"rmsprop":    {false, false, 3726, 99},
		"adam":       {false, true, 37413, 999},
		"adamw":      {false, true, 37413, 999},
		"nadam":      {false, true, 37413, 999},
		"nadamw":     {false, true, 37413, 999},
		"sign-gd":    {true, true, 0, 0},
		"signum":     {true, false, 357, 9},
		"lion":       {true, false, 3726, 90}, // beta1/(1-beta2)
		"lion-k":     {false, true, 3726, 90},
	} {
		def, _ := optim.Default(kind)
		rule, err := def.Rule()
		if err != nil {
			t.Fatal(err)
		}
		if rule.Nonsmooth != want.nonsmooth || rule.Steady() != want.steady || rule.Memory() != want.memory || !near(rule.MeanLag(-1), want.lag, 1e-12) {
			t.Errorf("%s: nonsmooth %v, steady %v, memory %d, mean lag %v, want %v", kind, rule.Nonsmooth, rule.Steady(), rule.Memory(), rule.MeanLag(-1), want)
		}
		if rule.MeanLag(0) != 0 {
			t.Errorf("%s: mean lag of the first step is %v", kind, rule.MeanLag(0))
		}
	}
}

func TestNames(t *testing.T) {
	if s := optim.EpsMode(9).String() + optim.EpsMode(-1).String(); s != "EpsMode(9)EpsMode(-1)" {
		t.Error(s)
	}
	if s := optim.MomentumForm(9).String() + optim.PolyakForm.String(); s != "MomentumForm(9)polyak" {
		t.Error(s)
	}
	if _, err := optim.EpsMode(9).MarshalText(); err == nil {
		t.Error("a mode that is none was written")
	}
	var mode optim.EpsMode
	checkError(t, "mode", mode.UnmarshalText([]byte("Inside")), `eps_mode "Inside" is not one of ["inside"`)
	var form optim.MomentumForm
	checkError(t, "form", form.UnmarshalText([]byte("")), `form "" is not one of ["ema" "polyak"]`)
}
