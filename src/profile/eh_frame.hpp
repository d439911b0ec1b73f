// Call frame information compiled ahead of time: .eh_frame's byte code becomes a sorted table of 8-byte rows that answers, for
// one program counter, where the caller's frame is. Interpreting the byte code in the handler would cost microseconds a frame.
//
// Only what a walk needs is kept: the canonical frame address (CFA) and where rbp was saved. rsp follows from the CFA and the
// return address is always at CFA-8 on x86-64.
#pragma once
#include <cstdint>
#include <vector>

namespace od::profile {

enum class Cfa : uint8_t {
    None,      // no information covers this address
    Rsp,       // CFA = rsp + offset
    Rbp,       // CFA = rbp + offset
    Plt,       // CFA = rsp + 8, and 8 more from the 11th byte of a 16-byte stub on
    RbpDeref,  // CFA = *(rbp + offset): a function that realigned its stack
    R10,       // CFA = r10 + offset: the first instructions of such a function
    Root,      // the return address is undefined: the thread starts here
    Signal,    // a signal frame: all registers are in the ucontext at rsp + 40
    Unknown,   // a rule outside this set
};

/// One row holds from `pc` (an offset from the module's load address) to the next row.
struct Row {
    uint32_t pc;
    uint32_t rule;
};

constexpr uint32_t kRbpKept = 0;     // rbp still holds the caller's value
constexpr uint32_t kRbpAtRbp = 255;  // the caller's rbp is at *rbp (realigned frames)

constexpr uint32_t make_rule(Cfa kind, uint32_t rbp_slot = kRbpKept, int32_t offset = 0) {
    return uint32_t(kind) | rbp_slot << 4 | uint32_t(offset) << 12;
}
constexpr Cfa rule_kind(uint32_t rule) { return Cfa(rule & 15); }
constexpr uint32_t rule_rbp_slot(uint32_t rule) { return rule >> 4 & 255; }  // saved at CFA - 8 * slot
constexpr int32_t rule_offset(uint32_t rule) { return int32_t(rule) >> 12; }

/// Compiles the .eh_frame section that starts at `section` (mapped in this process and ended by a zero length).
std::vector<Row> compile_eh_frame(const uint8_t* section, uintptr_t load_address);

}  // namespace od::profile
