// See reader.hpp. The file may end anywhere (a crash, a full disk, a copy cut short): everything before that is used.
#include "reader.hpp"

#include "format.hpp"

#include <cstring>
#include <vector>

namespace od::profile {
namespace {

struct Columns {
    std::vector<uint64_t> time, cpu, context;
    std::vector<uint32_t> node, thread, part;
    std::vector<uint16_t> flags;
    std::vector<uint8_t> state;
};

struct Nodes {
    std::vector<uint32_t> part, id, parent;
    std::vector<uint64_t> frame;
};

struct Blocks {
    std::vector<uint64_t> time, address, size, weight;
    std::vector<uint32_t> node, thread, part;
    std::vector<uint64_t> free_time, free_address;
    std::vector<uint32_t> free_part;
};

template <class T> bool set_column(PyObject* into, const char* name, const std::vector<T>& v) {
    PyObject* bytes = PyBytes_FromStringAndSize(reinterpret_cast<const char*>(v.data()), Py_ssize_t(v.size() * sizeof(T)));
    bool ok = bytes && !PyDict_SetItemString(into, name, bytes);
    Py_XDECREF(bytes);
    return ok;
}

bool is_raw(RecordType t) {
    return t == RecordType::Info || t == RecordType::Code || t == RecordType::Module || t == RecordType::Symbols || t == RecordType::Source ||
           t == RecordType::Kernel || t == RecordType::Counters;
}

struct Scan {
    Columns samples;
    Nodes nodes;
    Blocks blocks;
    PyObject* raw = nullptr;  // list of (type, part, tid, payload offset, payload bytes)
    uint64_t bad_records = 0;

    /// One chunk's records; false on a Python error.
    bool chunk(const char* base, const ChunkHeader& h, const char* at, const char* end) {
        while (at + sizeof(RecordHeader) <= end) {
            RecordHeader r;
            memcpy(&r, at, sizeof r);
            if (!r.type) break;
            if (r.bytes < sizeof r || r.bytes % 8 || r.bytes > size_t(end - at)) {
                bad_records++;
                break;
            }
            auto type = RecordType(r.type);
            if (type == RecordType::Sample && r.bytes >= sizeof(SampleRecord)) {
                SampleRecord s;
                memcpy(&s, at, sizeof s);
                samples.time.push_back(s.monotonic_ns), samples.cpu.push_back(s.cpu_ns), samples.context.push_back(s.context);
                samples.node.push_back(s.node), samples.thread.push_back(h.tid), samples.part.push_back(h.part);
                samples.flags.push_back(r.flags), samples.state.push_back(uint8_t(s.state));
            } else if (type == RecordType::Node && r.bytes >= sizeof(NodeRecord)) {
                NodeRecord n;
                memcpy(&n, at, sizeof n);
                nodes.part.push_back(h.part), nodes.id.push_back(n.id), nodes.parent.push_back(n.parent), nodes.frame.push_back(n.frame);
            } else if (type == RecordType::Allocation && r.bytes >= sizeof(AllocationRecord)) {
                AllocationRecord a;
                memcpy(&a, at, sizeof a);
                blocks.time.push_back(a.monotonic_ns), blocks.address.push_back(a.address), blocks.size.push_back(a.size), blocks.weight.push_back(a.weight);
                blocks.node.push_back(a.node), blocks.thread.push_back(h.tid), blocks.part.push_back(h.part);
            } else if (type == RecordType::Free && r.bytes >= sizeof(FreeRecord)) {
                FreeRecord f;
                memcpy(&f, at, sizeof f);
                blocks.free_time.push_back(f.monotonic_ns), blocks.free_address.push_back(f.address), blocks.free_part.push_back(h.part);
            } else if (is_raw(type)) {
                PyObject* t = Py_BuildValue("(iIInn)", int(r.type), h.part, h.tid, Py_ssize_t(at - base + sizeof r), Py_ssize_t(r.bytes - sizeof r));
                if (!t || PyList_Append(raw, t)) {
                    Py_XDECREF(t);
                    return false;
                }
                Py_DECREF(t);
            } else bad_records++;
            at += r.bytes;
        }
        return true;
    }
};

}  // namespace

PyObject* scan_record(PyObject*, PyObject* args) {
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "y*", &view)) return nullptr;
    auto* base = static_cast<const char*>(view.buf);
    auto size = size_t(view.len);
    FileHeader h;
    auto fail = [&](const char* text) {
        PyBuffer_Release(&view);
        PyErr_SetString(PyExc_ValueError, text);
        return nullptr;
    };
    if (size < sizeof h || memcmp(base, kMagic, sizeof kMagic)) return fail("this is not an Overdrive profile");
    memcpy(&h, base, sizeof h);
    if (h.version != kFormatVersion) return fail("this profile was written by another version of Overdrive and cannot be read by this one");
    if (h.header_bytes < sizeof h || h.header_bytes > size) return fail("this profile is cut off inside its header");
    Scan scan;
    scan.raw = PyList_New(0);
    bool merged = h.flags & kFlagMerged, ok = scan.raw != nullptr;
    size_t at = h.header_bytes;
    uint64_t cut = 0;
    while (ok && at + sizeof(ChunkHeader) <= size) {
        ChunkHeader c;
        memcpy(&c, base + at, sizeof c);
        if (c.magic != kChunkMagic || c.bytes < sizeof c) {
            if (merged) {
                cut++;
                break;
            }
            at += kChunkBytes;  // taken but never written, or not taken yet
            continue;
        }
        size_t end = at + c.bytes;
        if (end > size) cut++, end = size;
        ok = scan.chunk(base, c, base + at + sizeof c, base + end);
        at += c.bytes;
    }
    PyObject* out = ok ? PyDict_New() : nullptr;
    if (out) {
        auto& s = scan.samples;
        auto& n = scan.nodes;
        auto& b = scan.blocks;
        ok = set_column(out, "time", s.time) && set_column(out, "cpu", s.cpu) && set_column(out, "context", s.context) && set_column(out, "node", s.node) &&
             set_column(out, "thread", s.thread) && set_column(out, "part", s.part) && set_column(out, "flags", s.flags) && set_column(out, "state", s.state) &&
             set_column(out, "node_part", n.part) && set_column(out, "node_id", n.id) && set_column(out, "node_parent", n.parent) && set_column(out, "node_frame", n.frame) &&
             set_column(out, "block_time", b.time) && set_column(out, "block_address", b.address) && set_column(out, "block_size", b.size) &&
             set_column(out, "block_weight", b.weight) && set_column(out, "block_node", b.node) && set_column(out, "block_thread", b.thread) &&
             set_column(out, "block_part", b.part) && set_column(out, "free_time", b.free_time) && set_column(out, "free_address", b.free_address) &&
             set_column(out, "free_part", b.free_part);
        const auto& c = h.counters;
        PyObject* header = Py_BuildValue("{sIsIsKsKsOsKsK}", "version", h.version, "pid", h.pid, "start_monotonic_ns", h.start_monotonic_ns, "start_realtime_ns",
                                         h.start_realtime_ns, "merged", merged ? Py_True : Py_False, "bad_records", scan.bad_records, "cut", cut);
        PyObject* counters = PyBytes_FromStringAndSize(reinterpret_cast<const char*>(&c), sizeof c);
        ok = ok && header && counters && !PyDict_SetItemString(out, "header", header) && !PyDict_SetItemString(out, "counters", counters) &&
             !PyDict_SetItemString(out, "raw", scan.raw);
        Py_XDECREF(header);
        Py_XDECREF(counters);
        if (!ok) Py_CLEAR(out);
    }
    Py_XDECREF(scan.raw);
    PyBuffer_Release(&view);
    return out;
}

PyObject* pack_record(PyObject*, PyObject* args) {
    Py_buffer view;
    unsigned part;
    if (!PyArg_ParseTuple(args, "y*I", &view, &part)) return nullptr;
    auto* base = static_cast<const char*>(view.buf);
    auto size = size_t(view.len);
    std::vector<char> out;
    for (size_t at = kHeaderBytes; at + sizeof(ChunkHeader) <= size;) {
        ChunkHeader c;
        memcpy(&c, base + at, sizeof c);
        if (c.magic != kChunkMagic || c.bytes < sizeof c) {
            at += kChunkBytes;
            continue;
        }
        size_t end = at + c.bytes < size ? at + c.bytes : size, used = at + sizeof c;
        while (used + sizeof(RecordHeader) <= end) {
            RecordHeader r;
            memcpy(&r, base + used, sizeof r);
            if (!r.type || r.bytes < sizeof r || r.bytes % 8 || r.bytes > end - used) break;
            used += r.bytes;
        }
        ChunkHeader packed{kChunkMagic, uint32_t(used - at), c.tid, part};
        if (packed.bytes > sizeof packed) {
            out.insert(out.end(), reinterpret_cast<char*>(&packed), reinterpret_cast<char*>(&packed + 1));
            out.insert(out.end(), base + at + sizeof c, base + used);
        }
        at += c.bytes;
    }
    PyBuffer_Release(&view);
    return PyBytes_FromStringAndSize(out.data(), Py_ssize_t(out.size()));
}

}  // namespace od::profile
