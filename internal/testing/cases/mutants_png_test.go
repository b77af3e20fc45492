package cases

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
)

// chunkMutants yields a PNG with its chunks deleted, given twice, moved and
// renamed, and each bit of the credential's chunk flipped, all with good
// checksums.
func chunkMutants(image []byte, keep func() bool) iter.Seq[Mutant] {
	chunks := readPNG(image)
	return func(yield func(Mutant) bool) {
		try := func(kind string, i int, changed []chunk) bool {
			return !keep() || yield(Mutant{kind, fmt.Sprintf("chunk %d", i), writePNG(changed)})
		}
		for i, c := range chunks {
			without := slices.Delete(slices.Clone(chunks), i, i+1)
			if !try("chunk deleted", i, without) || !try("chunk twice", i, slices.Insert(slices.Clone(chunks), i, c)) {
				return
			}
			for to := range chunks {
				if !try("chunk moved", i, slices.Insert(slices.Clone(without), min(to, len(without)), c)) {
					return
				}
			}
			for _, name := range []string{"iTXt", "tEXt", "zTXt", "itxt", "ITXT", "IHDR", "IDAT", "IEND", "PLTE", "eXIf", "\x00\x00\x00\x00"} {
				if !try("chunk renamed "+name, i, replaced(chunks, i, chunk{name, c.data})) {
					return
				}
			}
			for _, data := range [][]byte{nil, c.data[:len(c.data)/2], append(bytes.Clone(c.data), 0), append([]byte{0}, c.data...)} {
				if !try("chunk cut or lengthened", i, replaced(chunks, i, chunk{c.name, data})) {
					return
				}
			}
		}
		c := chunks[credentialChunk]
		for m := range flips(c.data, keep) {
			if !yield(Mutant{m.Kind + ", good checksum", m.Where, writePNG(replaced(chunks, credentialChunk, chunk{c.name, m.Input}))}) {
				return
			}
		}
	}
}

func replaced(chunks []chunk, i int, c chunk) []chunk {
	chunks = slices.Clone(chunks)
	chunks[i] = c
	return chunks
}
