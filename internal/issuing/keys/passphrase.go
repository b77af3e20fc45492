package keys

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sethvargo/go-diceware/diceware"
	"golang.org/x/text/unicode/norm"
)

const (
	// MinPassphrase is the fewest characters of a passphrase. NIST SP 800-63B
	// asks for 8 where a second factor is needed, which here is the file
	// itself: it is in no repository and on no server.
	MinPassphrase = 8
	maxPassphrase = 1024 // bytes

	// minBits is where zxcvbn gives three points of four: some 2^34 guesses, which at
	// the rate that the rounds of PBKDF2 allow take a thief with a few graphics cards
	// weeks. Lists of common passwords, names and words, and patterns of keyboards,
	// dates and repetitions are what NIST SP 800-63B has in mind where it asks to
	// refuse what is "commonly used, expected, or compromised".
	minBits = 34.22
	// judged is how many bytes are looked at: the work grows with their square, and
	// what is good so far gets no worse.
	judged = 100

	// generatedWords of the EFF's list of 7,776 are 77 bits.
	generatedWords = 6
)

// expected are words that a passphrase of this program may be tried with first: its
// name, and the example that everybody knows.
var expected = []string{"laurel", "correct", "horse", "battery", "staple", "correcthorsebatterystaple"}

// CheckPassphrase tells whether a passphrase may protect a key: ErrShort,
// ErrGuessable, or that it is longer than 1,024 bytes.
func CheckPassphrase(passphrase []byte) error {
	secret := norm.NFC.Append(nil, passphrase...)
	defer clear(secret)
	if utf8.RuneCount(secret) < MinPassphrase {
		return ErrShort
	}
	if len(passphrase) > maxPassphrase {
		return fmt.Errorf("the passphrase has more than %d bytes", maxPassphrase)
	}
	if guessBits(string(secret[:min(len(secret), judged)]), expected) < minBits {
		return ErrGuessable
	}
	return nil
}

// GeneratePassphrase draws six words at random, with spaces between them: 77
// bits, for which 600,000 rounds of PBKDF2 each are out of anybody's reach.
func GeneratePassphrase() (string, error) {
	words, err := diceware.Generate(generatedWords)
	if err != nil {
		return "", fmt.Errorf("draw a passphrase: %w", err)
	}
	return strings.Join(words, " "), nil
}
