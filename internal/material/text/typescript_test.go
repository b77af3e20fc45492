package text_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"laurel/internal/material/text"
	"laurel/internal/testing/interop"
)

// pageSource is where the scripts of the pages are.
const pageSource = "../../../themes/default/src"

// TestTypeScript: the scripts of the pages escape, leave out and trim every code
// point as Go does, and texts of them.
func TestTypeScript(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "a", "می\u200cخواهم", "👩\u200d👩\u200d👧\u200d👦", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f!", "🏴\U000e0067\U000e007f",
		"🏴🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\U000e0067", "🏴" + strings.Repeat("\U000e0061", 7) + "\U000e007f", strings.Repeat("é🏴", 90), "\n\u00a0 a \u3000\u0085", "\ufeff a", "\u200b a", `"\`}
	for r := rune(0); r <= unicode.MaxRune; r += 1 + r/64 {
		if utf8.ValidRune(r) {
			texts = append(texts, string(r)+"a"+string(r), "\u00a0"+string(r)+string(r)+"\v")
		}
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	const program = `
import {load} from './tools/cli.mjs';
import {readFileSync} from 'node:fs';
const {safe, drop, trim, trimBytes} = await load('verifier/characters.ts');
let all = '';
for (let r = 0; r <= 0x10ffff; r++) {
  const c = String.fromCodePoint(r);
  all += (safe(c) === c ? 4 : 0) + (drop(c) === c ? 2 : 0) + (trim(c) === '' ? 1 : 0);
}
console.log(JSON.stringify(all));
const utf8 = s => new TextEncoder().encode(s);
for (const s of JSON.parse(readFileSync(0, 'utf8'))) {
  console.log(JSON.stringify([safe(s), trim(s), new TextDecoder('utf-8', {ignoreBOM: true}).decode(trimBytes(utf8(s))), drop(s)]));
}`
	node := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", program)
	var stderr strings.Builder
	node.Dir, node.Stdin, node.Stderr = pageSource, strings.NewReader(string(in)), &stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	answers := bufio.NewScanner(strings.NewReader(string(out)))
	answers.Buffer(nil, 4<<20)
	next := func(v any) {
		t.Helper()
		if !answers.Scan() {
			t.Fatal("too few answers")
		}
		if err := json.Unmarshal(answers.Bytes(), v); err != nil {
			t.Fatal(err)
		}
	}
	var all string
	next(&all)
	if len(all) != unicode.MaxRune+1 {
		t.Fatalf("%d code points", len(all))
	}
	for r := range rune(len(all)) {
		want := byte('0')
		if c := text.ClassOf(r); c == text.Shown || c == text.Space || c == text.Joiner {
			want += 6
		} else if r == '\n' {
			want += 2
		}
		if text.IsSpace(r) {
			want++
		}
		if all[r] != want {
			t.Errorf("%U: %c, in Go %c", r, all[r], want)
		}
	}
	for _, s := range texts {
		var got [4]string
		next(&got)
		want := [4]string{text.Escape(s), text.Trim(s), string(text.TrimBytes([]byte(s))), dropped(s)}
		if got != want {
			t.Errorf("%+q: %+q, in Go %+q", s, got, want)
		}
	}
	t.Logf("%d code points and %d texts alike", len(all), len(texts))
}

var escapes = regexp.MustCompile(`\\u[0-9a-f]{4}|\\U[0-9a-f]{8}`)

// dropped is a text without what Escape writes otherwise, but for line feeds.
func dropped(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if utf8.RuneCountInString(line) > 160 { // which Escape would cut
			return dropped(string([]rune(line)[:160])) + dropped(string([]rune(line)[160:]))
		}
		lines[i] = escapes.ReplaceAllString(text.Escape(line), "")
	}
	return strings.Join(lines, "\n")
}

func ExampleQuote() {
	fmt.Println(text.Quote("Ana\u202e\n"))
	// Output: "Ana\u202e\u000a"
}
