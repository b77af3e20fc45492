package ledger

import "crypto/sha256"

// OpenRoot is the real file system of a folder, for wrapping.
var OpenRoot = openRoot

// PositionOf is where a line was written, for reading a segment's events one
// by one.
func PositionOf(segment int32, offset int64, line []byte) Position {
	return Position{Segment: segment, Offset: offset, Length: int32(len(line)), Hash: sha256.Sum256(line)}
}

// Encode is the event's line.
func (ev *Event) Encode() ([]byte, error) { return ev.appendLine(nil) }
