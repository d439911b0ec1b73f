#include "merge.hpp"

namespace od::profile {
namespace {

/// What one evaluation runs through compiled code, as far as it is not merged yet. Innermost may be frames without compiled
/// code below them: one that compiled code is about to enter or has just left, and generators that only hand on what another
/// yields. There are more frames than functions then.
struct Group {
    int entry = -1;         // the evaluation
    int functions = 0;      // C frames of compiled functions
    int marked = 0;         // Python frames that say that compiled code runs them
    bool all_seen = false;  // the C frames reach down to the evaluation
    bool has_extra(bool next_is_marked) const {
        return next_is_marked ? all_seen && marked > functions : marked && marked >= functions;
    }
};

bool is_function(const NativeFrame& n) { return n.compiled && n.compiled->row_count; }

}  // namespace

void merge(const NativeStack& native, const PythonStack* python, MergedStack& out) {
    out.count = 0;
    out.task = 0;
    out.merged = true;
    out.native_complete = native.complete;
    out.truncated = native.truncated;
    int next_python = 0, next_entry = 0;
    auto add_python = [&](int end) {
        for (; next_python < end; next_python++) {
            const PythonFrame& f = python->frames[next_python];
            out.frames[out.count++] = {MergedFrame::Python, false, f.instruction, f.code, 0};
            if (f.coroutine) out.task = f.coroutine;
        }
    };
    int entries = python ? python->entry_count : 0, python_count = python ? python->count : 0;
    auto holds_entry = [&](const NativeFrame& n) {
        return next_entry < entries && python->entries[next_entry].address >= n.sp && python->entries[next_entry].address < n.cfa;
    };
    Group group;
    bool counted = false;
    bool cut_python = python && python->truncated;
    for (int i = 0; i < native.count; i++) {
        const NativeFrame& n = native.frames[i];
        if (holds_entry(n)) {
            // Several entries in one C frame would be an interpreter that calls itself without a C call: take them all.
            while (holds_entry(n))
                add_python(python->entries[next_entry++].end);
            continue;
        }
        if (n.compiled) {
            // Which functions run follows from the address. Their interpreter frames, where they exist (the innermost one's may
            // not be written yet), tell the same with an instruction that may be old, so they are passed over.
            int end = next_entry < entries ? python->entries[next_entry].end : python_count;
            auto passed_over = [&](const void* code) {
                return next_python < end && python->frames[next_python].compiled && python->frames[next_python].code == code;
            };
            if (group.entry != next_entry) {
                group = {next_entry, 0, 0, false};
                int k = i;
                for (; k < native.count && !holds_entry(native.frames[k]); k++) group.functions += is_function(native.frames[k]);
                for (int f = next_python; f < end; f++) group.marked += python->frames[f].compiled;
                group.all_seen = k < native.count || (next_entry == entries && native.complete);
            }
            while (next_python < end && group.has_extra(python->frames[next_python].compiled)) {
                group.marked -= python->frames[next_python].compiled;
                add_python(next_python + 1);
            }
            group.functions -= is_function(n);
            uintptr_t pc = i > 0 ? n.pc - 1 : n.pc;
            const od_compiled_row* row = compiled_row(*n.compiled, pc);
            if (row && !counted) __atomic_fetch_add(n.compiled->samples, 1, __ATOMIC_RELAXED), counted = true;
            for (uint32_t k = 0; row && k < row->frame_count && out.count + 1 < kMaxMerged; k++) {
                const od_compiled_frame& f = n.compiled->frames[row->first_frame + k];
                out.frames[out.count++] = {MergedFrame::Compiled, false, f.instruction, f.code, 0};
                if (!passed_over(f.code)) continue;
                next_python++;
                group.marked--;
            }
            continue;
        }
        if (next_entry == entries && next_python > 0) {
            // All Python is placed. Below a greenlet's start lies whatever another greenlet left there: not our callers.
            if (cut_python) break;
            if (n.module && n.module->greenlet) {
                out.native_complete = true;
                break;
            }
        }
        out.frames[out.count++] = {MergedFrame::Native, i > 0, 0, n.module, n.pc};
    }
    bool looked = native.count > 0;  // a stack without native frames was not asked for them
    if (looked && python && next_entry < entries && !native.truncated) out.merged = false;
    if (python && next_python < python->count) {
        if (!cut_python && !out.merged) out.frames[out.count++] = {MergedFrame::Unmerged, false, 0, nullptr, 0};
        add_python(python->count);
    }
    if (cut_python || native.truncated) {
        out.truncated = true;
        out.frames[out.count++] = {MergedFrame::Truncated, false, 0, nullptr, 0};
    }
}

}  // namespace od::profile
