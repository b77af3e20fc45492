package main

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"laurel/internal/issuing/signer"
)

// fakeSigner is a signing program with one key, for scripts; with --guild, another. What is wrong with it is
// in FAKE: how it signs the second time.
func fakeSigner() {
	if os.Getenv("LAUREL_PASSPHRASE") != "" || os.Getenv("LAUREL_NEW_PASSPHRASE") != "" {
		fmt.Fprintln(os.Stderr, "a passphrase that is not the fake's business")
		os.Exit(9)
	}
	if dir, err := os.Getwd(); err != nil || filepath.Base(dir) != "keys" {
		fmt.Fprintln(os.Stderr, "not in keys/")
		os.Exit(9)
	}
	fmt.Fprintf(os.Stderr, "started with %q\n", os.Args[1:])
	name, seed := "one", []byte{20, 26}
	if len(os.Args) > 1 && os.Args[1] == "--guild" {
		name, seed = "the guild's", []byte{20, 27}
	}
	key := ed25519.NewKeyFromSeed(bytes.Repeat(seed, 16))
	n := 0
	err := signer.Serve(os.Stdin, os.Stdout, signer.Holder{
		Keys: func(signer.Ask) ([]signer.Key, error) { return []signer.Key{{Name: name, Public: key.Public()}}, nil },
		Sign: func(ask signer.Ask, _ signer.Key, data []byte) ([]byte, error) {
			if n++; n == 2 {
				switch os.Getenv("FAKE") {
				case "dies":
					os.Exit(3)
				case "refuses":
					return nil, errors.New("the card was taken out")
				case "wrong":
					return make([]byte, 64), nil
				case "chatters":
					fmt.Println("hello")
				case "hangs":
					if err := os.WriteFile("../hangs", fmt.Append(nil, os.Getpid()), 0o600); err != nil {
						os.Exit(9)
					}
					time.Sleep(time.Hour)
				case "asks":
					if pin, err := ask("PIN of the fake"); err != nil || pin != "20263" {
						return nil, errors.New("wrong PIN")
					}
				}
			}
			return key.Sign(nil, data, crypto.Hash(0))
		},
	})
	if err != nil {
		os.Exit(4)
	}
}
