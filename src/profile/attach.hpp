// Recording another process from outside: nothing is stopped, nothing is written to it.
//
// Reading a running program's frames gives stacks that never were. So the program must not run at that moment: one sampler
// thread is pinned to each processor and sleeps on that processor's perf ring. When the clock fires in the target, the kernel
// wakes the sampler on the same processor, which takes it away from the target; its memory stands still until we sleep again.
#pragma once
#include <Python.h>

namespace od::profile {

/// attach_start(path, info, pid, rate, layout, runtime_address) -> str (the clock). Raises OSError with a sentence.
PyObject* attach_start(PyObject*, PyObject* args);
/// attach_stop() -> dict of counters. Ends the recording and closes the file.
PyObject* attach_stop(PyObject*, PyObject*);
/// attach_alive() -> bool: the target still exists.
PyObject* attach_alive(PyObject*, PyObject*);

}  // namespace od::profile
