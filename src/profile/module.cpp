// The Python face of the recorder and of the native halves of reading and attaching: overdrive._profile.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "attach.hpp"
#include "children.hpp"
#include "compiled.h"
#include "memory.hpp"
#include "reader.hpp"
#include "recorder.hpp"
#include "symbols.hpp"

using namespace od::profile;

namespace {

PyObject* start(PyObject*, PyObject* args, PyObject* kw) {
    static const char* names[] = {"path", "info", "rate", "clock", "waits", "native", "kernel", "force", "max_overhead", "max_bytes", nullptr};
    const char *path, *info, *force = "";
    unsigned rate = 1000;
    int clock = 1, waits = 1, native = 1, kernel = 0;
    double max_overhead = 0;
    unsigned long long max_bytes = 8ull << 30;
    if (!PyArg_ParseTupleAndKeywords(args, kw, "ss|$IppppsdK", const_cast<char**>(names), &path, &info, &rate, &clock, &waits, &native, &kernel, &force, &max_overhead, &max_bytes)) return nullptr;
    if (rate < 1 || rate > 10000) return PyErr_Format(PyExc_ValueError, "the rate must be from 1 to 10000 samples a second, not %u", rate);
    RecorderOptions o;
    o.path = path, o.info = info, o.rate_hz = rate, o.clock = clock, o.waits = waits, o.native = native, o.kernel = kernel;
    o.force_timer = !strcmp(force, "timer"), o.force_user = !strcmp(force, "sigtrap-user");
    o.max_overhead = max_overhead, o.max_bytes = max_bytes;
    std::string error = recorder_start(o);
    if (!error.empty()) {
        PyErr_SetString(PyExc_OSError, error.c_str());
        return nullptr;
    }
    return PyUnicode_FromString(recorder_clock());
}

PyObject* stop(PyObject*, PyObject*) {
    recorder_stop();
    Py_RETURN_NONE;
}

PyObject* active(PyObject*, PyObject*) { return PyBool_FromLong(recorder_active()); }

PyObject* pause(PyObject*, PyObject* hold) {
    recorder_pause(PyObject_IsTrue(hold));
    Py_RETURN_NONE;
}

PyObject* bare(PyObject*, PyObject* on) {
    recorder_bare(PyObject_IsTrue(on));
    Py_RETURN_NONE;
}

PyObject* use_compiled_table(PyObject*, PyObject* capsule) {
    auto* channel = static_cast<od_compiled_channel*>(PyCapsule_GetPointer(capsule, OD_COMPILED_CAPSULE));
    if (!channel) return nullptr;
    recorder_use_compiled(channel);
    Py_RETURN_NONE;
}

PyObject* start_memory(PyObject*, PyObject* interval) {
    double bytes = PyFloat_AsDouble(interval);
    if (PyErr_Occurred()) return nullptr;
    if (bytes < 1) return PyErr_Format(PyExc_ValueError, "the interval must be at least one byte");
    memory_start(bytes);
    Py_RETURN_NONE;
}

PyObject* note(PyObject*, PyObject* text) {
    Py_ssize_t n;
    const char* s = PyUnicode_AsUTF8AndSize(text, &n);
    if (!s) return nullptr;
    return PyBool_FromLong(recorder_note(std::string(s, size_t(n))));
}

PyObject* counters(PyObject*, PyObject*) {
    auto c = recorder_counters();
    return Py_BuildValue("{sKsKsKsKsKsKsKsKsK}", "samples", c.samples, "lost", c.lost, "unmerged", c.unmerged, "truncated", c.truncated, "native_cut",
                         c.native_cut, "no_python", c.no_python, "handler_ns", c.handler_ns, "switches", c.switches, "disk_full", c.disk_full);
}

PyObject* keep_signal(PyObject*, PyObject*) {
    if (recorder_active()) recorder_keep_signal();
    Py_RETURN_NONE;
}

PyObject* set_plain_disposition(PyObject*, PyObject* ignore) {
    recorder_set_plain_disposition(PyObject_IsTrue(ignore));
    Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"start", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(start)), METH_VARARGS | METH_KEYWORDS, "Starts recording this process into a new file; returns the clock's mode."},
    {"stop", stop, METH_NOARGS, "Stops recording and closes the file."},
    {"active", active, METH_NOARGS, "Whether this process records."},
    {"pause", pause, METH_O, "Holds the clock of the running recording (True) or lets it go on (False)."},
    {"bare", bare, METH_O, "For measuring: the handler takes its signals and does nothing (True)."},
    {"use_compiled_table", use_compiled_table, METH_O, "Follows the compiler whose capsule this is (src/profile/compiled.h) until the recording ends."},
    {"start_memory", start_memory, METH_O, "Records allocations as well, one sample in so many bytes on average."},
    {"note", note, METH_O, "Appends one JSON text to the record."},
    {"counters", counters, METH_NOARGS, "The recording's counters so far."},
    {"keep_signal", keep_signal, METH_NOARGS, "Puts the recorder's SIGTRAP handler back in front of one that the program has set."},
    {"set_plain_disposition", set_plain_disposition, METH_O, "SIGTRAPs that are not the clock's are ignored (True) or fatal (False)."},
    {"attach_start", attach_start, METH_VARARGS, "Starts recording another process."},
    {"attach_stop", attach_stop, METH_NOARGS, "Ends recording another process; returns its counters."},
    {"attach_alive", attach_alive, METH_NOARGS, "Whether the other process still exists."},
    {"watch_start", watch_start, METH_NOARGS, "Notes the processes that this one and its children start."},
    {"watch_read", watch_read, METH_NOARGS, "Processes noted since the last call: (pid, parent, name)."},
    {"watch_stop", watch_stop, METH_NOARGS, "Ends watch_start."},
    {"find_symbols", find_symbols, METH_VARARGS, "Values and sizes of an ELF file's symbols, by name."},
    {"pack", pack_record, METH_VARARGS, "The chunks of a part, without their unused ends and marked with the part's number."},
    {"symbols", read_symbols, METH_VARARGS, "Names of the functions that contain addresses of an ELF file."},
    {"source_lines", read_source_lines, METH_VARARGS, "Source files and lines of addresses of an ELF file, where it has debug information."},
    {"scan", scan_record, METH_VARARGS, "Reads a record file's bytes into columns."},
    {},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT, "overdrive._profile", "Overdrive's profiler: the part that has to be native.", -1, methods, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__profile() { return PyModule_Create(&definition); }
