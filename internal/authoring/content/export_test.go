package content

import (
	"os"

	"laurel/internal/authoring/model"
)

// LoadInParts is Load with every award list cut into parts of that many bytes
// or more; LoadWhole never cuts one.
func LoadInParts(root *os.Root, size int) (*model.Site, error) {
	l := newLoader(root)
	l.wholeBytes, l.partBytes = 0, size
	return l.result()
}

func LoadWhole(root *os.Root) (*model.Site, error) {
	l := newLoader(root)
	l.wholeBytes = 1 << 30
	return l.result()
}
