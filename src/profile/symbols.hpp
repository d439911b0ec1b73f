// Names for native addresses, read from the files after the fact: nothing of this runs in the sampled program's handlers.
#pragma once
#include <Python.h>

namespace od::profile {

/// symbols(path, build_id, [address, ...]) -> [(name, start, size) or None, ...]. Addresses are relative to where the file is loaded.
/// A file that is gone, is no ELF file or has another build id gives only None.
PyObject* read_symbols(PyObject*, PyObject* args);

/// source_lines(path, [address, ...]) -> [(file, line) or None, ...].
PyObject* read_source_lines(PyObject*, PyObject* args);

/// find_symbols(path, [name, ...]) -> {name: (value, size, file offset of its bytes or -1)}.
PyObject* find_symbols(PyObject*, PyObject* args);

}  // namespace od::profile
