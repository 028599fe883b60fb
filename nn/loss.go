package nn

import (
	"fmt"
	"strings"

	"leeway/autodiff"
)

// The losses, each a mean over examples (over tokens, for a language model). z
// are the logits of an example, y its class.
const (
	CrossEntropy = "cross-entropy" // log sum_c exp(z_c) - z_y
	MSE          = "mse"           // sum_c (z_c - [c = y])^2
	Logistic     = "logistic"      // log(1 + exp(-m)), two classes and one logit z, m = +-z
	Exponential  = "exponential"   // exp(-m), likewise
)

// Losses are the names that [Settings] knows.
func Losses() []string { return []string{CrossEntropy, MSE, Logistic, Exponential} }

// outputsOf is the number of logits that a loss wants for a number of classes.
func outputsOf(loss string, classes int) (int, error) {
	switch loss {
	case CrossEntropy, MSE:
		if classes < 2 {
			return 0, fmt.Errorf("nn: %d classes. Try: at least 2", classes)
		}
		return classes, nil
	case Logistic, Exponential:
		if classes != 2 {
			return 0, fmt.Errorf("nn: the %s loss is for 2 classes, the data has %d. Try: %s", loss, classes, CrossEntropy)
		}
		return 1, nil
	}
	return 0, fmt.Errorf("nn: unknown loss %q. Try: %s", loss, strings.Join(Losses(), ", "))
}

// lossOf is the mean loss of logits [... outputs] with labels [rows 1], which hold
// the class as a number of the network's type. The one-hot matrix is a comparison
// with 0, 1, 2, ...: it costs no memory.
func lossOf(loss string, logits, labels *autodiff.Value) *autodiff.Value {
	shape, rows := logits.Shape(), labels.Shape()[0]
	outputs := shape[len(shape)-1]
	z := autodiff.Reshape(logits, rows, outputs)
	var each *autodiff.Value
	switch loss {
	case CrossEntropy:
		each = autodiff.Sub(autodiff.LogSumExp(z), autodiff.SumKeep(autodiff.Mul(oneHot(labels, outputs), z), 1))
	case MSE:
		r := autodiff.Sub(z, oneHot(labels, outputs))
		each = autodiff.SumKeep(autodiff.Mul(r, r), 1)
	case Logistic:
		each = autodiff.Softplus(autodiff.Neg(margin(z, labels)))
	default:
		each = autodiff.Exp(autodiff.Neg(margin(z, labels)))
	}
	return autodiff.Mean(each)
}

// oneHot is [rows classes], 1 at the label.
func oneHot(labels *autodiff.Value, classes int) *autodiff.Value {
	count := autodiff.NewArray(labels.DType(), 1, classes)
	for c := range classes {
		count.Set(c, float64(c))
	}
	return autodiff.Equal(labels, labels.Graph().Literal(count))
}

// margin is z for class 1 and -z for class 0.
func margin(z, labels *autodiff.Value) *autodiff.Value {
	return autodiff.Mul(z, autodiff.Shift(autodiff.Scale(labels, 2), -1))
}
