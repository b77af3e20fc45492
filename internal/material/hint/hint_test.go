package hint

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestOf(t *testing.T) {
	inner := Errorf("look again", "gone: %w", fs.ErrPermission)
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("x"), ""},
		{inner, "look again"},
		{fmt.Errorf("read: %w", inner), "look again"},
		{Errorf("ask", "read: %w", inner), "ask"},
		{fmt.Errorf("read: %w", fs.ErrPermission), "check who owns the file and its folder"},
	} {
		if got := Of(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
	if inner.Error() != "gone: permission denied" || !errors.Is(inner, fs.ErrPermission) {
		t.Errorf("%v", inner)
	}
}
