// Package separable holds the claims of "The Implicit Bias of Adam on Separable
// Data" and of its sequel for one sample a step, and measures what optimizers prefer on
// separable data: Adam without eps the largest margin in the l-infinity norm, gradient
// descent that in the Euclidean norm, and Adam with one sample a step a direction between
// them.
//
// Sources: Zhang, Zou and Cao, "The Implicit Bias of Adam on Separable Data" (NeurIPS
// 2024, arXiv 2406.10650); Baek, Song and Yun, arXiv 2510.26303 (one sample a step).
package separable
