package signer

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// apart starts a program with a console of its own that nobody sees, so that what is
// typed at laurel's, an interrupt among it, is not for the program.
var apart = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP}

// group is a program with what it started, as far as a job holds them: what it had
// started in the moments before it was put there is not in it.
type group struct {
	leader *os.Process
	job    windows.Handle // 0: Windows gave none
}

func groupOf(p *os.Process) group {
	g := group{leader: p}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return g
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(p.Pid))
	if err == nil {
		err = windows.AssignProcessToJobObject(job, process)
		windows.CloseHandle(process)
	}
	if err != nil {
		windows.CloseHandle(job)
		return g
	}
	g.job = job
	return g
}

func (g group) kill() {
	if g.job != 0 {
		windows.TerminateJobObject(g.job, 1)
	}
	g.leader.Kill()
}
