package data

// publications is in the order of Published. The sums of the downloads are
// those of the files as their authors serve them; the sums of the unpacked
// files hold for every way of packing them.
var publications = []publication{{
	Information: Information{
		Name:        "cifar-10",
		Description: "colour photographs of animals and vehicles, 32 x 32 pixels",
		N:           50000, Test: 10000, D: 3072, Classes: 10, Shape: []int{32, 32, 3},
		Scaling: PerChannel, Preparation: perChannel, Download: 170052171,
		Source: "https://www.cs.toronto.edu/~kriz/cifar.html", Licence: "none stated", Citation: krizhevsky,
	},
	folders: []string{"cifar-10", "cifar-10/cifar-10-batches-bin", "cifar-10-batches-bin", "."},
	forms: cifarForms("cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
		"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"),
	remotes: []remote{{"cifar-10-binary.tar.gz", 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
		[]string{"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"}}},
	read: cifarReader(CIFAR10),
}, {
	Information: Information{
		Name:        "cifar-100",
		Description: "colour photographs of things of 100 kinds, 32 x 32 pixels",
		N:           50000, Test: 10000, D: 3072, Classes: 100, Shape: []int{32, 32, 3},
		Scaling: PerChannel, Preparation: perChannel, Download: 168513733,
		Source: "https://www.cs.toronto.edu/~kriz/cifar.html", Licence: "none stated", Citation: krizhevsky,
	},
	folders: []string{"cifar-100", "cifar-100/cifar-100-binary", "cifar-100-binary", "."},
	forms: cifarForms("cifar-100-binary.tar.gz", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
		"train.bin", "test.bin"),
	remotes: []remote{{"cifar-100-binary.tar.gz", 168513733, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
		[]string{"https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"}}},
	read: cifarReader(CIFAR100),
}, {
	Information: Information{
		Name:        "fashion-mnist",
		Description: "images of clothes and shoes, 28 x 28 pixels",
		N:           60000, Test: 10000, D: 784, Classes: 10, Shape: []int{28, 28, 1},
		Scaling: PerChannel, Preparation: perChannel, Download: 26421880 + 29515 + 4422102 + 5148,
		Source: "https://github.com/zalandoresearch/fashion-mnist", Licence: "MIT",
		Citation: `@misc{xiao2017fashion,
  author        = {Xiao, Han and Rasul, Kashif and Vollgraf, Roland},
  title         = {Fashion-{MNIST}: a Novel Image Dataset for Benchmarking Machine Learning Algorithms},
  year          = {2017},
  eprint        = {1708.07747},
  archiveprefix = {arXiv}
}`,
	},
	folders:   []string{"fashion-mnist", "FashionMNIST/raw"},
	installed: []string{"/usr/share/datasets/fashion-mnist"},
	install:   "apt-get install dataset-fashion-mnist",
	forms: idxForm([4]string{
		"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
		"bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
		"5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
		"0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
	}),
	remotes: idxRemotes([4]int64{26421880, 29515, 4422102, 5148}, [4]string{
		"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
		"a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
		"346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
		"67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
	}, "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
	read: idx("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
}, {
	Information: Information{
		Name:        "mnist",
		Description: "images of handwritten digits, 28 x 28 pixels",
		N:           60000, Test: 10000, D: 784, Classes: 10, Shape: []int{28, 28, 1},
		Scaling: PerChannel, Preparation: perChannel, Download: 9912422 + 28881 + 1648877 + 4542,
		Source: "http://yann.lecun.com/exdb/mnist/", Licence: "CC BY-SA 3.0",
		Citation: `@article{lecun1998gradient,
  author  = {LeCun, Yann and Bottou, L{\'e}on and Bengio, Yoshua and Haffner, Patrick},
  title   = {Gradient-Based Learning Applied to Document Recognition},
  journal = {Proceedings of the IEEE},
  volume  = {86},
  number  = {11},
  pages   = {2278--2324},
  year    = {1998}
}`,
	},
	folders: []string{"mnist", "MNIST/raw"},
	counts: [2][]int{
		{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
		{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009},
	},
	forms: idxForm([4]string{
		"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
		"65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
		"0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
		"ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
	}),
	remotes: idxRemotes([4]int64{9912422, 28881, 1648877, 4542}, [4]string{
		"440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
		"3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
		"8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
		"f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
	}, "https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"),
	read: idx("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
}}

const perChannel = "standardized by mean and deviation of each channel of the training images in use"

const krizhevsky = `@techreport{krizhevsky2009learning,
  author      = {Krizhevsky, Alex},
  title       = {Learning Multiple Layers of Features from Tiny Images},
  institution = {University of Toronto},
  year        = {2009}
}`
