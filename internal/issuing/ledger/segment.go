package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const segmentExt = ".jsonl"

func segmentName(n int32) string { return fmt.Sprintf("%04d", n) + segmentExt }

// CorruptError is a break of the chain, or a line that breaks a rule. Nothing
// of the ledger is to be trusted until it is mended.
type CorruptError struct {
	File string
	Line int // from 1; 0 when the file as a whole is meant
	// Merged tells that the file looks like two copies of a ledger that both
	// grew and were then merged, as by git.
	Merged bool
	err    error
}

func (e *CorruptError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.err)
	}
	return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.err)
}

// Hint says what to try.
func (e *CorruptError) Hint() string {
	if e.Merged {
		return "run laurel ledger merge, which takes both copies from git; without git, restore one copy's content/ledger/ and run laurel ledger merge OTHER"
	}
	return "restore content/ledger/ from a backup or from git; it is only ever appended to"
}

func (e *CorruptError) Unwrap() error { return e.err }

// mergeError is the trace of a merge: an event number that is there already.
type mergeError struct{ seq int64 }

func (e *mergeError) Error() string {
	return fmt.Sprintf("event %d appears a second time: this looks like a merge of two copies that both grew", e.seq)
}

var errConflict = errors.New("a conflict marker: this looks like a merge of two copies that both grew")

// tail is where the ledger ends.
type tail struct {
	segment int32 // number of the last segment; 0 when there is none
	size    int64 // its bytes, whole lines only
	closed  bool  // it is ended by an empty line: what follows is in the next one
}

// scan reads all segments into the state.
func (l *Ledger) scan() (tail, error) {
	last, err := l.segments()
	if err != nil {
		return tail{}, err
	}
	t := tail{segment: last}
	r := bufio.NewReaderSize(nil, 256<<10)
	for n := int32(1); n <= last; n++ {
		if t.size, t.closed, err = l.scanSegment(n, n == last, r); err != nil {
			return tail{}, err
		}
	}
	return t, nil
}

// segments returns the number of the last segment. Files that are no segments
// are left alone unless they could be mistaken for one.
func (l *Ledger) segments() (int32, error) {
	entries, err := l.fs.ReadDir()
	if err != nil {
		return 0, fmt.Errorf("read ledger %s: %w", l.dir, err)
	}
	var numbers []int32
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, segmentExt) {
			continue
		}
		file := path.Join(l.dir, name)
		n, err := strconv.ParseInt(strings.TrimSuffix(name, segmentExt), 10, 31)
		if err != nil || n < 1 || segmentName(int32(n)) != name {
			return 0, &CorruptError{File: file, err: errors.New("not the name of a segment, such as 0001.jsonl")}
		}
		if e.Type() != 0 {
			return 0, &CorruptError{File: file, err: fmt.Errorf("not a regular file, but %s", kind(e.Type()))}
		}
		numbers = append(numbers, int32(n))
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != int32(i+1) {
			return 0, &CorruptError{File: l.file(int32(i + 1)), err: fmt.Errorf("the segment is missing, though %s is there", segmentName(n))}
		}
	}
	return int32(len(numbers)), nil
}

func kind(t fs.FileMode) string {
	switch {
	case t.IsDir():
		return "a folder"
	case t&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "a device or pipe"
}

// scanSegment reads one segment and returns the size of its whole lines. An empty
// line ends a segment that is full, so that who merges two copies of a segment sees
// that there are more.
func (l *Ledger) scanSegment(n int32, last bool, r *bufio.Reader) (size int64, closed bool, err error) {
	f, err := l.fs.OpenFile(segmentName(n), openRead, 0)
	if err != nil {
		return 0, false, fmt.Errorf("read ledger: %w", err)
	}
	defer f.Close()
	r.Reset(f)
	for num := 1; ; num++ {
		line, n2, err := readLine(r)
		switch {
		case err == io.EOF && n2 == 0:
			if size == 0 && !last {
				return 0, false, &CorruptError{File: l.file(n), err: errors.New("the segment is empty, though another follows")}
			}
			if !closed && !last {
				return 0, false, &CorruptError{File: l.file(n), Line: num, err: errors.New("the segment is not ended by an empty line, though another follows")}
			}
			return size, closed, nil
		case err == io.EOF && last:
			l.torn = &Torn{File: l.file(n), Offset: size, Bytes: n2}
			return size, closed, nil
		case err == io.EOF:
			return 0, false, &CorruptError{File: l.file(n), Line: num, err: errors.New("the last line is unfinished, though another segment follows")}
		case errors.Is(err, errLong):
			return 0, false, &CorruptError{File: l.file(n), Line: num, err: err}
		case err != nil:
			return 0, false, fmt.Errorf("read %s: %w", l.file(n), err)
		}
		if closed {
			return 0, false, &CorruptError{File: l.file(n), Line: num, err: errors.New("a line behind the empty one that ends the segment")}
		}
		if closed = len(line) == 0 && size > 0; closed {
			size += n2
			continue
		}
		if err := l.read(line, Position{Segment: n, Offset: size}); err != nil {
			var merged *mergeError
			return 0, false, &CorruptError{File: l.file(n), Line: num, err: err,
				Merged: err == errConflict || errors.As(err, &merged)}
		}
		size += n2
	}
}

// read takes one line into the state.
func (l *Ledger) read(line []byte, pos Position) error {
	if isConflict(line) {
		return errConflict
	}
	if bytes.HasSuffix(line, []byte{'\r'}) {
		return errors.New("the line ends with CR LF: something rewrote the file's line ends, as git's autocrlf does")
	}
	hash, err := checkSum(line)
	if err != nil {
		return err
	}
	var ev Event
	if err := ev.decode(line, facts); err != nil {
		return err
	}
	if err := l.state.follows(&ev); err != nil {
		return err
	}
	pos.Length, pos.Hash = int32(len(line)), hash
	return l.state.apply(&ev, pos, nil)
}

func isConflict(line []byte) bool {
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if bytes.HasPrefix(line, []byte(mark)) {
			return true
		}
	}
	return false
}

var errLong = fmt.Errorf("the line is longer than %d bytes", MaxLine)

// readLine returns the next line without its newline, and the bytes it took.
// At the end of the file the error is io.EOF, and n counts what stood after the
// last newline. The line is valid until the next call.
func readLine(r *bufio.Reader) (line []byte, n int64, err error) {
	part, err := r.ReadSlice('\n')
	n = int64(len(part))
	if err == nil {
		return part[:len(part)-1], n, nil
	}
	long := slices.Clone(part)
	for err == bufio.ErrBufferFull {
		part, err = r.ReadSlice('\n')
		n += int64(len(part))
		if len(long) <= MaxLine {
			long = append(long, part...)
		}
	}
	switch {
	case err != nil: // a tail of any length is only counted
		return nil, n, err
	case n > MaxLine+1:
		return nil, n, errLong
	}
	return long[:n-1], n, nil
}

// FirstSegment is the name of the file with which a ledger begins.
const FirstSegment = "0001" + segmentExt
