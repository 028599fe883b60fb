package trace
import ("testing";"context";"leeway/objective";"time")
func TestZZ(t *testing.T){
 for _, sub := range []int{4,6,9,18} {
 for _, p := range benches(t)[:2] { began := time.Now(); lo := 9.; at := ""; worst, wat := 0., ""; for _, v := range variants(p.eps, root(p.eps)) {
  lr := p.linear; if v.adaptive {lr=p.adaptive}
  s := Setup{Objective: must[objective.TwiceDifferentiable](t)(objective.Clone(p.objective)), Start: p.start, Optimizer: build(t, v.def, lr), Steps: p.steps, Processes: []string{"moments-1","moments-2"}, IgnoreRunaway: true, MomentSubsteps: sub}
  r, err := Verify(context.Background(), s, 4, nil); if err!=nil {t.Fatal(err)}
  if o, ok := r.Order["moments-2"]; ok && o<lo { lo=o; at=v.name}
  if v.name == "nesterov" { for _, row := range r.Rows { t.Log(row.H, row.Error, row.IntegrationError) } }
  if r.Verdicts["moments-2"]==OrderKept { for _, row := range r.Rows { if q := float64(row.IntegrationError["moments-2"])/float64(row.Error["moments-2"]); q>worst {worst=q; wat=v.name} } }
 }
 t.Log(sub, p.name, lo, at, "ie", worst, wat, time.Since(began))
 }}
}
