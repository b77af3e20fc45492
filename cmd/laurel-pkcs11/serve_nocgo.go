//go:build !cgo

package main

import (
	"errors"
	"io"
)

func serve(settings, io.Reader, io.Writer) error {
	return errors.New("this laurel-pkcs11 was built without cgo, which the libraries of tokens need; build it with CGO_ENABLED=1 and a C compiler")
}
