//go:build !linux || !amd64

// What is traced is in fault_test.go.
package main

import "os/exec"

func runTraced(*exec.Cmd, tracing) (traced, string, error) { return traced{}, "", errNoTrace }
