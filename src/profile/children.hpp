// Which processes a program starts, seen by the kernel: also those that record nothing.
#pragma once
#include <Python.h>

namespace od::profile {

/// watch_start() -> bool: notes all processes that this one and its children start from now on. False where perf is refused.
PyObject* watch_start(PyObject*, PyObject*);
/// watch_read() -> [(pid, parent, name), ...]: processes noted since the last call; the name is that of the last program run in it
/// (then parent is 0).
PyObject* watch_read(PyObject*, PyObject*);
PyObject* watch_stop(PyObject*, PyObject*);

}  // namespace od::profile
