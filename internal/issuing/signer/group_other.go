//go:build !windows

package signer

import (
	"os"
	"syscall"
)

// apart starts a program in a session of its own, which is a process group, too. Without
// a terminal, a program that looks for one finds none, and does not wait for it in the
// background.
var apart = &syscall.SysProcAttr{Setsid: true}

// group is a program with what it started.
type group struct{ leader int }

func groupOf(p *os.Process) group { return group{p.Pid} }

func (g group) kill() { syscall.Kill(-g.leader, syscall.SIGKILL) }
