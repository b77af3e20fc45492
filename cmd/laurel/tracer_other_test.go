//go:build !linux || !amd64

// What a tracer is asked to do, and tells, is in fault_test.go.
package main

func tracer(string) int { return 99 }
