#include "children.hpp"

#include "base.hpp"
#include "ring.hpp"

#include <vector>

namespace od::profile {
namespace {

struct Watch {
    int fd;
    Ring ring;
};
std::vector<Watch> watches;  // one a processor: an inherited event's ring must belong to one

}  // namespace

PyObject* watch_start(PyObject*, PyObject*) {
    constexpr size_t pages = 64;
    for (int cpu = 0; cpu < int(sysconf(_SC_NPROCESSORS_ONLN)); cpu++) {
        perf_event_attr a{};
        a.size = sizeof a;
        a.type = PERF_TYPE_SOFTWARE;
        a.config = PERF_COUNT_SW_DUMMY;
        a.task = 1;
        a.comm = 1;
        a.comm_exec = 1;
        a.inherit = 1;
        a.exclude_kernel = 1;
        a.exclude_hv = 1;
        Watch w{int(syscall(SYS_perf_event_open, &a, 0, cpu, -1, PERF_FLAG_FD_CLOEXEC)), {}};
        if (w.fd < 0) continue;
        if (w.ring.map(w.fd, pages)) watches.push_back(w);
        else close(w.fd);
    }
    return PyBool_FromLong(!watches.empty());
}

PyObject* watch_read(PyObject*, PyObject*) {
    PyObject* out = PyList_New(0);
    auto add = [&](uint32_t pid, uint32_t parent, const char* name) {
        PyObject* item = Py_BuildValue("(IIN)", pid, parent, PyUnicode_DecodeUTF8(name, Py_ssize_t(strlen(name)), "replace"));
        if (item) PyList_Append(out, item);
        Py_XDECREF(item);
    };
    for (auto& w : watches)
        w.ring.drain([&](const perf_event_header& h, const char* payload) {
            uint32_t ids[2];
            memcpy(ids, payload, sizeof ids);
            if (h.type == PERF_RECORD_FORK && ids[0] != ids[1]) add(ids[0], ids[1], "");
            if (h.type == PERF_RECORD_COMM && h.misc & PERF_RECORD_MISC_COMM_EXEC) add(ids[0], 0, payload + 8);
        });
    return out;
}

PyObject* watch_stop(PyObject*, PyObject*) {
    for (auto& w : watches) {
        w.ring.unmap();
        close(w.fd);
    }
    watches.clear();
    Py_RETURN_NONE;
}

}  // namespace od::profile
