package main

import (
	"bytes"
	"os"
	"testing"
)

// TestTable: the scripts have the classes that Go has.
func TestTable(t *testing.T) {
	got, err := os.ReadFile("../../../themes/default/src/verifier/classtable.ts")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, table()) {
		t.Error("classtable.ts is not what material/text says: go generate ./internal/material/text, then make js")
	}
}
