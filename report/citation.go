package report

import (
	"fmt"
	"sort"
	"strings"
)

// entry is one BibTeX entry; the fields are written in this order.
type entry struct {
	kind   string
	fields [][2]string
}

// entries are the papers and data sets that this program builds on, by key.
var entries = map[string]entry{
	"cattaneo2024adam": {"inproceedings", [][2]string{
		{"author", "Cattaneo, Matias D. and Klusowski, Jason M. and Shigida, Boris"},
		{"title", "On the Implicit Bias of {Adam}"},
		{"booktitle", "Proceedings of the 41st International Conference on Machine Learning"},
		{"series", "Proceedings of Machine Learning Research"},
		{"volume", "235"},
		{"pages", "5862--5906"},
		{"publisher", "PMLR"},
		{"year", "2024"},
		{"eprint", "2309.00079"},
		{"archiveprefix", "arXiv"},
	}},
	"cattaneo2025memory": {"inproceedings", [][2]string{
		{"author", "Cattaneo, Matias D. and Shigida, Boris"},
		{"title", "How Memory in Optimization Algorithms Implicitly Modifies the Loss"},
		{"booktitle", "Advances in Neural Information Processing Systems"},
		{"year", "2025"},
		{"eprint", "2502.02132"},
		{"archiveprefix", "arXiv"},
	}},
	"barrett2021igr": {"inproceedings", [][2]string{
		{"author", "Barrett, David G. T. and Dherin, Benoit"},
		{"title", "Implicit Gradient Regularization"},
		{"booktitle", "International Conference on Learning Representations"},
		{"year", "2021"},
		{"eprint", "2009.11162"},
		{"archiveprefix", "arXiv"},
	}},
	"ghosh2023implicit": {"inproceedings", [][2]string{
		{"author", "Ghosh, Avrajit and Lyu, He and Zhang, Xitong and Wang, Rongrong"},
		{"title", "Implicit regularization in heavy-ball momentum accelerated stochastic gradient descent"},
		{"booktitle", "International Conference on Learning Representations"},
		{"year", "2023"},
		{"eprint", "2302.00849"},
		{"archiveprefix", "arXiv"},
	}},
	"dormandprince1980": {"article", [][2]string{
		{"author", "Dormand, J. R. and Prince, P. J."},
		{"title", "A family of embedded {Runge-Kutta} formulae"},
		{"journal", "Journal of Computational and Applied Mathematics"},
		{"volume", "6"},
		{"number", "1"},
		{"pages", "19--26"},
		{"year", "1980"},
	}},
	"kingma2015adam": {"inproceedings", [][2]string{
		{"author", "Kingma, Diederik P. and Ba, Jimmy"},
		{"title", "{Adam}: A Method for Stochastic Optimization"},
		{"booktitle", "International Conference on Learning Representations"},
		{"year", "2015"},
		{"eprint", "1412.6980"},
		{"archiveprefix", "arXiv"},
	}},
	"loshchilov2019adamw": {"inproceedings", [][2]string{
		{"author", "Loshchilov, Ilya and Hutter, Frank"},
		{"title", "Decoupled Weight Decay Regularization"},
		{"booktitle", "International Conference on Learning Representations"},
		{"year", "2019"},
		{"eprint", "1711.05101"},
		{"archiveprefix", "arXiv"},
	}},
	"polyak1964": {"article", [][2]string{
		{"author", "Polyak, B. T."},
		{"title", "Some methods of speeding up the convergence of iteration methods"},
		{"journal", "USSR Computational Mathematics and Mathematical Physics"},
		{"volume", "4"},
		{"number", "5"},
		{"pages", "1--17"},
		{"year", "1964"},
	}},
	"nesterov1983": {"article", [][2]string{
		{"author", "Nesterov, Yurii E."},
		{"title", "A method for solving the convex programming problem with convergence rate {$O(1/k^2)$}"},
		{"journal", "Doklady Akademii Nauk SSSR"},
		{"volume", "269"},
		{"number", "3"},
		{"pages", "543--547"},
		{"year", "1983"},
	}},
	"chen2023lion": {"inproceedings", [][2]string{
		{"author", "Chen, Xiangning and Liang, Chen and Huang, Da and Real, Esteban and Wang, Kaiyuan and Pham, Hieu and Dong, Xuanyi and Luong, Thang and Hsieh, Cho-Jui and Lu, Yifeng and Le, Quoc V."},
		{"title", "Symbolic Discovery of Optimization Algorithms"},
		{"booktitle", "Advances in Neural Information Processing Systems"},
		{"volume", "36"},
		{"year", "2023"},
		{"eprint", "2302.06675"},
		{"archiveprefix", "arXiv"},
	}},
	"alpaydin1998digits": {"misc", [][2]string{
		{"author", "Alpaydin, E. and Kaynak, C."},
		{"title", "Optical Recognition of Handwritten Digits"},
		{"howpublished", "UCI Machine Learning Repository"},
		{"year", "1998"},
		{"doi", "10.24432/C50P49"},
	}},
	"wolberg1995breast": {"misc", [][2]string{
		{"author", "Wolberg, William and Mangasarian, Olvi and Street, Nick and Street, W."},
		{"title", "Breast Cancer {Wisconsin} (Diagnostic)"},
		{"howpublished", "UCI Machine Learning Repository"},
		{"year", "1995"},
		{"doi", "10.24432/C5DW2B"},
	}},
}

// aliases are short names of keys.
var aliases = map[string]string{
	"digits":        "alpaydin1998digits",
	"breast_cancer": "wolberg1995breast",
	"breast-cancer": "wolberg1995breast",
}

// Citations returns the BibTeX entries of the given keys, in their order, each
// once. "digits" and "breast_cancer" stand for the keys of the data sets. An
// unknown key is an error that names it and the keys there are.
func Citations(keys ...string) ([]string, error) {
	var list []string
	seen := make(map[string]bool)
	for _, key := range keys {
		if full, ok := aliases[key]; ok {
			key = full
		}
		e, ok := entries[key]
		if !ok {
			return nil, fmt.Errorf("report: no citation %q. Try: one of %s", key, strings.Join(CitationKeys(), ", "))
		}
		if !seen[key] {
			seen[key] = true
			list = append(list, e.bibtex(key))
		}
	}
	return list, nil
}

// CitationKeys returns all keys in alphabetical order.
func CitationKeys() []string {
	var keys []string
	for key := range entries {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// bibtex writes the entry in BibTeX.
func (e entry) bibtex(key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "@%s{%s,\n", e.kind, key)
	for _, field := range e.fields {
		fmt.Fprintf(&b, "  %-13s = {%s},\n", field[0], field[1])
	}
	b.WriteString("}")
	return b.String()
}
