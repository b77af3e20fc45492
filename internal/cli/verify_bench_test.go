package cli

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// cpuOf runs laurel verify as a process of its own and returns what CPU time it
// took from start to exit.
func cpuOf(b *testing.B, document string, inputs ...string) time.Duration {
	b.Helper()
	c := process(b, nil, append([]string{"verify", "--offline", "--documents", document}, inputs...)...)
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

// BenchmarkVerifyOne is one credential with its documents, start and exit of the
// process included.
func BenchmarkVerifyOne(b *testing.B) {
	dir, document := folder(b, map[string][]byte{"good.json": testCredential(b, nil)})
	var total time.Duration
	n := 0
	for b.Loop() {
		total += cpuOf(b, document, filepath.Join(dir, "good.json"))
		n++
	}
	b.ReportMetric(float64(total.Microseconds())/1000/float64(n), "ms-cpu/run")
}

// BenchmarkVerifyThousand is a folder of a thousand credentials of one issuer.
func BenchmarkVerifyThousand(b *testing.B) {
	const count = 1000
	files := map[string][]byte{}
	for i := range count {
		files[fmt.Sprintf("%d.json", i)] = testCredential(b, func(doc map[string]any) {
			doc["id"] = fmt.Sprintf("urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-%012d", i)
		})
	}
	dir, document := folder(b, files)
	var total time.Duration
	n := 0
	for b.Loop() {
		total += cpuOf(b, document, dir)
		n++
	}
	b.ReportMetric(float64(total.Microseconds())/1000/float64(n)/count, "ms-cpu/credential")
}
