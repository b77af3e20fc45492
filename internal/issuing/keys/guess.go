package keys

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/ccojocar/zxcvbn-go/data"
	"github.com/go-json-experiment/json"
)

// guessBits is how many bits a thief has to guess of a passphrase: of all ways to cut
// it into pieces, the one that is guessed first. That is what zxcvbn does, whose lists
// of words and keyboards these are. Its own matchers read those lists as any program
// starts that has them. Where zxcvbn asks how a piece was varied, this does not, so that
// nothing has more bits here than there.
func guessBits(passphrase string, expected []string) float64 {
	runes, plain := []rune(passphrase), []rune(plainly(passphrase))
	ranks := make(map[string]int)
	for _, word := range expected {
		ranks[plainly(word)] = 1
	}
	one := math.Log2(alphabet(runes)) // a character that is in no piece
	least := make([]float64, len(runes)+1)
	for end := 1; end <= len(runes); end++ {
		least[end] = least[end-1] + one
		for start := range end {
			word := string(plain[start:end])
			if rank := cmp.Or(ranks[word], guessed().words[word]); rank > 0 {
				least[end] = min(least[end], least[start]+math.Log2(float64(rank)))
			}
			least[end] = min(least[end], least[start]+patternBits(runes[start:end]))
		}
	}
	return least[len(runes)]
}

// patternBits takes a piece for a date, a repetition, a sequence or a walk on a
// keyboard, by what has fewest bits; one that is none of these has endless ones.
func patternBits(piece []rune) float64 {
	bits, length := math.Inf(1), float64(len(piece))
	if len(piece) < 3 {
		return bits
	}
	if unicode.IsDigit(piece[0]) && dated.MatchString(string(piece)) {
		bits = math.Log2(31 * 12 * 100)
	}
	if !slices.ContainsFunc(piece, func(r rune) bool { return unicode.ToLower(r) != unicode.ToLower(piece[0]) }) {
		bits = min(bits, math.Log2(alphabet(piece)*length))
	}
	if step := piece[1] - piece[0]; step == 1 || step == -1 {
		n := 2
		for n < len(piece) && piece[n]-piece[n-1] == step {
			n++
		}
		if n == len(piece)-1 && step < 0 && strings.ContainsRune("aA0", piece[n-1]) {
			n++ // what follows a countdown that is at its end comes with it
		}
		if n == len(piece) {
			first := math.Log2(alphabet(piece[:1]))
			if piece[0] == 'a' || piece[0] == '1' {
				first = 0
			}
			bits = min(bits, first+math.Log2(length))
		}
	}
	for _, board := range guessed().boards {
		if turns, ok := board.walk(piece); ok {
			// The keys to start at, and the places and ways of the turns.
			places := (turns + 1) * math.Log2(board.ways*(length+1)/(turns+1))
			bits = min(bits, math.Log2(board.keys)+max(places, 0))
		}
	}
	return bits
}

// dated are the digits that may be a date, and the one character that comes with them
// at the end.
var dated = regexp.MustCompile(`^(\d{4,8}|\d{1,4}[-/\\_. ]\d{1,2}[-/\\_. ]\d{1,4}).?$`)

// alphabet is how many characters there are of the kinds that occur.
func alphabet(runes []rune) float64 {
	var lower, upper, digit, other float64
	for _, r := range runes {
		switch {
		case unicode.IsLower(r):
			lower = 26
		case unicode.IsUpper(r):
			upper = 26
		case unicode.IsDigit(r):
			digit = 10
		default:
			other = 33
		}
	}
	return lower + upper + digit + other
}

// plainly writes a word without capitals and with one letter for all those that are
// written alike: "P4$$w0rd" as "password" is.
func plainly(word string) string { return alike.Replace(strings.ToLower(word)) }

var alike = strings.NewReplacer("4", "a", "@", "a", "8", "b", "(", "c", "{", "c", "[", "c", "<", "c", "3", "e", "6", "g", "9", "g",
	"l", "i", "t", "i", "1", "i", "!", "i", "|", "i", "7", "i", "+", "i", "0", "o", "$", "s", "5", "s", "%", "x", "2", "z")

// keyboard is one on which a key may follow those beside it.
type keyboard struct {
	Graph      map[string][]string
	keys, ways float64 // how many keys it has, and how many of them are beside one
}

// walk tells whether each key lies beside the one before it, and how often the
// direction changes, the first one included.
func (k keyboard) walk(piece []rune) (turns float64, ok bool) {
	last := -1
	for i := 1; i < len(piece); i++ {
		way := slices.IndexFunc(k.Graph[string(piece[i-1])], func(keys string) bool { return strings.ContainsRune(keys, piece[i]) })
		if way < 0 {
			return 0, false
		}
		if way != last {
			turns++
		}
		last = way
	}
	return turns, true
}

// guessed are zxcvbn's lists: the rank of each word in the list where it comes first,
// and the keyboards. They are read when a passphrase is judged, not before.
var guessed = sync.OnceValue(func() (lists struct {
	words  map[string]int
	boards []keyboard
}) {
	lists.words = make(map[string]int, 1<<17)
	for _, name := range []string{"MaleNames", "FemaleNames", "Surnames", "English", "Passwords"} {
		var words struct{ List []string }
		read(name, &words)
		for i, word := range words.List {
			word = plainly(word)
			if rank := lists.words[word]; rank == 0 || i < rank {
				lists.words[word] = i + 1
			}
		}
	}
	for _, name := range []string{"Qwerty", "Dvorak", "Keypad", "MacKeypad"} {
		board := keyboard{keys: 15, ways: 0.63}
		read(name, &board)
		if len(board.Graph) > 50 {
			board.keys, board.ways = 94, 1.53
		}
		lists.boards = append(lists.boards, board)
	}
	return lists
})

// read reads one of zxcvbn's lists, which are part of the program.
func read(name string, list any) {
	b, err := data.Asset("data/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(b, list)
	}
	if err != nil {
		panic("keys: " + name + ": " + err.Error())
	}
}
