package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
)

// findForeign looks for anything in public/ that is neither remembered nor
// planned. A planned file that is not remembered is looked at when its bytes
// are known: the same bytes are taken over. What is own counts as remembered.
func (b *Build) findForeign(own func(path string) bool) error {
	w := &walk{root: b.root, idle: make(chan struct{}, runtime.GOMAXPROCS(0)-1), files: b.there}
	w.folder(folder)
	w.running.Wait()
	if len(w.errs) > 0 {
		return fmt.Errorf("search %s: %w", folder, errors.Join(w.errs...))
	}
	var foreign []string
	for p, info := range b.there {
		_, remembered := b.old[p]
		_, planned := b.planned[p]
		if !remembered && own != nil && own(p) {
			b.old[p], remembered = entry{}, true
		}
		if !info.Mode().IsRegular() || !remembered && !planned {
			foreign = append(foreign, folder+"/"+p)
		}
	}
	if len(foreign) > 0 {
		sort.Strings(foreign)
		return &ForeignError{foreign}
	}
	return nil
}

// walk finds every file below public/, on all cores: a site may have a folder
// for each of many awards.
type walk struct {
	root    *os.Root
	idle    chan struct{} // holds a token for each goroutine running beside the first
	running sync.WaitGroup

	mu    sync.Mutex
	files map[string]fs.FileInfo // by path below public/
	errs  []error
}

func (w *walk) folder(dir string) {
	entries, err := fs.ReadDir(w.root.FS(), dir)
	if err != nil {
		w.fail(err)
		return
	}
	for _, e := range entries {
		full := dir + "/" + e.Name()
		rel := strings.TrimPrefix(full, folder+"/")
		switch {
		case tolerated[rel], litter[e.Name()]:
		case e.IsDir():
			w.inside(full)
		default:
			info, err := e.Info()
			if err != nil {
				w.fail(err)
				return
			}
			w.mu.Lock()
			w.files[rel] = info
			w.mu.Unlock()
		}
	}
}

// inside looks into a folder, in a goroutine of its own if a core is idle.
func (w *walk) inside(dir string) {
	select {
	case w.idle <- struct{}{}:
		w.running.Go(func() {
			w.folder(dir)
			<-w.idle
		})
	default:
		w.folder(dir)
	}
}

func (w *walk) fail(err error) {
	w.mu.Lock()
	w.errs = append(w.errs, err)
	w.mu.Unlock()
}
