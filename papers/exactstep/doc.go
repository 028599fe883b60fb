// Package exactstep holds the claims of "Convergence of Adam with an Exact Constant Step
// Size" (Mazumder et al., arXiv 2309.08339): the constant step
// sqrt(2 L(theta_0) / (K T)), with an estimated Lipschitz constant K, brings the
// gradient's norm down further than schedulers do.
package exactstep
