package data

import "fmt"

// publication is a data set that is found in a folder or downloaded.
type publication struct {
	Information
	// folders that may hold it, below a directory of data sets: leeway's own
	// and those of other programs.
	folders []string
	// installed are folders where an operating system's package puts it, and
	// install is the command.
	installed []string
	install   string
	// forms are collections of files, each enough to read the set.
	forms [][]file
	// counts are the rows of each class, for training and for testing; nil where
	// all classes have as many.
	counts [2][]int
	// remotes are the files to download.
	remotes []remote
	// read makes samples of a form's files; without tests, test may be nil.
	read func(f *files, tests bool) (train, test *Samples, err error)
}

// file is one that a set is read from: as it is called, or with .gz added.
type file struct {
	name string
	// sum is the SHA-256 of the content, of what is packed in a .gz; "" where
	// none is known for certain.
	sum string
}

// remote is a file to download.
type remote struct {
	name  string
	bytes int64
	sum   string // SHA-256 of the file as it is downloaded
	at    []string
}

// load reads the rows asked for, from the first place where the set is found.
// Files without a known sum may be in the format of the set and hold fewer rows.
func (p *publication) load(directories []string, s Settings) (train, test *Samples, err error) {
	found, _, err := p.find(directories)
	if err != nil {
		return nil, nil, err
	}
	if train, test, err = p.read(found, s.Test != 0); err != nil {
		return nil, nil, err
	}
	if test == nil {
		test = train.slice(0, 0)
	}
	for _, part := range []struct {
		samples *Samples
		most    int
	}{{train, p.N}, {test, p.Test}} {
		if n := part.samples.N; n > part.most {
			return nil, nil, fmt.Errorf("data: %s: %s holds %d rows, the published set %d. Try: removing it, and leeway data get %s", p.Name, found.dir, n, part.most, p.Name)
		}
		part.samples.Name = p.Name
		part.samples.Classes = p.Classes
	}
	return s.Choose(train, test)
}

// idxFiles are the four files of MNIST and the sets made in its likeness, in
// the order training images, training labels, test images, test labels.
var idxFiles = [4]string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}

// idxForm is the form of such a set, given the sums of the unpacked files.
func idxForm(sums [4]string) [][]file {
	var form []file
	for i, name := range idxFiles {
		form = append(form, file{name, sums[i]})
	}
	return [][]file{form}
}

// idxRemotes are the packed files at some addresses.
func idxRemotes(bytes [4]int64, sums [4]string, addresses ...string) []remote {
	var all []remote
	for i, name := range idxFiles {
		r := remote{name: name + ".gz", bytes: bytes[i], sum: sums[i]}
		for _, a := range addresses {
			r.at = append(r.at, a+r.name)
		}
		all = append(all, r)
	}
	return all
}

// idx reads such a set.
func idx(classNames ...string) func(*files, bool) (train, test *Samples, err error) {
	return func(f *files, tests bool) (train, test *Samples, err error) {
		if train, err = f.idx(idxFiles[0], idxFiles[1]); err != nil {
			return nil, nil, err
		}
		train.ClassNames = classNames
		if !tests {
			return train, nil, nil
		}
		if test, err = f.idx(idxFiles[2], idxFiles[3]); err != nil {
			return nil, nil, err
		}
		test.ClassNames = classNames
		return train, test, nil
	}
}

// cifarForms are the archive as it is published, with its sum, and the unpacked
// files.
func cifarForms(archive, sum string, unpacked ...string) [][]file {
	var form []file
	for _, name := range unpacked {
		form = append(form, file{name: name})
	}
	return [][]file{{{archive, sum}}, form}
}

// cifarReader reads such a set.
func cifarReader(kind CIFAR) func(*files, bool) (train, test *Samples, err error) {
	return func(f *files, _ bool) (train, test *Samples, err error) {
		if len(f.form) == 1 {
			return f.cifarArchive(kind)
		}
		return f.cifarRecords(kind)
	}
}
