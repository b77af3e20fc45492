package keys

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/frequency"
)

// No passphrase has more bits here than zxcvbn gives it, by all that zxcvbn knows of
// how they are made.
func TestGuessBits(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26)) // the same ones each time
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	lists := []string{"MaleNames", "FemaleNames", "Surname", "English", "Passwords"}
	word := func() string {
		list := frequency.Lists[pick(lists...)].List
		return list[r.IntN(min(len(list), 1+r.IntN(40_000)))]
	}
	random := func(from string, n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(pick(strings.Split(from, "")...))
		}
		return b.String()
	}
	run := func(line string) string {
		n := 3 + r.IntN(len(line)-3)
		start := r.IntN(len(line) - n + 1)
		part := []byte(line[start : start+n])
		if r.IntN(2) == 0 {
			slices.Reverse(part)
		}
		return string(part)
	}
	kinds := []func() string{
		word, word, word,
		func() string { w := word(); return strings.ToUpper(w[:1]) + w[1:] },
		func() string { return strings.ToUpper(word()) },
		func() string {
			return strings.NewReplacer("a", pick("4", "@"), "e", "3", "i", pick("1", "!", "|"), "l", "1", "o", "0", "s", pick("$", "5"), "t", "7").Replace(word())
		},
		func() string {
			return run(pick("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"))
		},
		func() string {
			return run(pick("qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc", "!@#$%^&*(", "QWERTYuiop", "aoeuidhtns", "7894561230"))
		},
		func() string { return strings.Repeat(random("abcXYZ019.!ä", 1), 1+r.IntN(9)) },
		func() string {
			sep := pick("", ".", "-", "/", " ")
			return random("0123", 2) + sep + random("01", 1) + random("123456789", 1) + sep + pick("19", "20", "") + random("0123456789", 2)
		},
		func() string { return random("0123456789", 1+r.IntN(8)) },
		func() string { return random("abcdefghijklmnopqrstuvwxyz", 1+r.IntN(8)) },
		func() string {
			return random("abcdefghijkmnopqrsuvwxyzABCDEFGHJKMNPQRSUVWXYZ056#%&*=?äßñ私é", 1+r.IntN(8))
		},
	}
	refused := 0
	const all = 2000
	for range all {
		var s string
		for range 1 + r.IntN(4) {
			s += kinds[r.IntN(len(kinds))]() + pick("", "", " ", "-", "!")
		}
		s = string([]rune(s)[:min(len([]rune(s)), 30)])
		theirs := zxcvbn.PasswordStrength(s, expected)
		if theirs.Score < 3 {
			refused++
		}
		if refused := CheckPassphrase([]byte(s)) != nil; theirs.Score < 3 && !refused {
			t.Errorf("%q is accepted; zxcvbn refuses it", s)
		}
		if ours := guessBits(s, expected); ours > theirs.Entropy+0.001 {
			t.Errorf("%q: %.2f bits, %.2f by zxcvbn", s, ours, theirs.Entropy)
		}
	}
	if refused < all/4 || refused > all*3/4 {
		t.Errorf("zxcvbn refuses %d of %d: they say little", refused, all)
	}
}
