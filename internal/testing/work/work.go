// Package work counts what code does, for tests of its bounds: how long it takes
// differs from machine to machine, and with what else they do.
package work

import "runtime"

// Of runs do and returns how many things, and bytes, were allocated meanwhile, by
// other goroutines as well.
func Of(do func()) (allocations, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}
