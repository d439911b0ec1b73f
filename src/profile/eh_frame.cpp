// See eh_frame.hpp. Reads DWARF call frame information as the System V ABI and the LSB describe it.
#include "eh_frame.hpp"

#include <algorithm>
#include <cstring>

namespace od::profile {
namespace {

constexpr uint64_t kRegRbp = 6, kRegRsp = 7, kRegR10 = 10, kRegReturn = 16;

class Cursor {
public:
    explicit Cursor(const uint8_t* at) : p(at) {}
    const uint8_t* p;

    template <class T> T fixed() {
        T v;
        memcpy(&v, p, sizeof v);
        p += sizeof v;
        return v;
    }
    uint64_t uleb() {
        uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            uint8_t b = *p++;
            value |= uint64_t(b & 0x7f) << shift;
            if (!(b & 0x80)) return value;
        }
    }
    int64_t sleb() {
        int64_t value = 0;
        int shift = 0;
        uint8_t b;
        do {
            b = *p++;
            value |= int64_t(b & 0x7f) << shift;
            shift += 7;
        } while (b & 0x80);
        if (shift < 64 && (b & 0x40)) value |= -(int64_t(1) << shift);
        return value;
    }
    /// A pointer in one of DW_EH_PE's encodings; only absolute and pc-relative occur in .eh_frame.
    uintptr_t pointer(uint8_t encoding) {
        auto at = uintptr_t(p);
        uintptr_t v = 0;
        switch (encoding & 0x0f) {
            case 0x00: case 0x04: v = fixed<uint64_t>(); break;
            case 0x01: v = uleb(); break;
            case 0x02: v = fixed<uint16_t>(); break;
            case 0x03: v = fixed<uint32_t>(); break;
            case 0x09: v = uintptr_t(sleb()); break;
            case 0x0a: v = uintptr_t(intptr_t(fixed<int16_t>())); break;
            case 0x0b: v = uintptr_t(intptr_t(fixed<int32_t>())); break;
            case 0x0c: v = fixed<uint64_t>(); break;
        }
        return (encoding & 0x70) == 0x10 && v ? v + at : v;
    }
};

/// What the byte code has established so far for one address.
struct State {
    uint64_t cfa_register = kRegRsp;
    int64_t cfa_offset = 8;
    const uint8_t* cfa_expression = nullptr;
    uint64_t cfa_expression_size = 0;
    int64_t rbp_at = 0;  // offset from the CFA where rbp is saved; 0: not saved
    bool rbp_at_rbp = false;
    bool root = false;
};

struct Cie {
    uint64_t code_align = 1;
    int64_t data_align = 1;
    uint8_t encoding = 0;
    bool augmented = false, signal = false;
    const uint8_t *program = nullptr, *end = nullptr;
};

uint32_t rule_of(const State& s, bool signal) {
    if (s.root) return make_rule(Cfa::Root);
    if (signal) return make_rule(Cfa::Signal);
    uint32_t slot = kRbpKept;
    if (s.rbp_at_rbp) slot = kRbpAtRbp;
    else if (s.rbp_at < 0 && s.rbp_at % 8 == 0 && s.rbp_at > -8 * 255) slot = uint32_t(-s.rbp_at / 8);
    if (s.cfa_expression) {
        const uint8_t* e = s.cfa_expression;
        uint64_t n = s.cfa_expression_size;
        constexpr uint8_t breg6 = 0x76, breg7 = 0x77, deref = 0x06;
        if (n == 11 && e[0] == breg7) return make_rule(Cfa::Plt, slot, e[1]);  // the linker's one expression for stubs
        if (n >= 3 && e[0] == breg6 && e[n - 1] == deref) {
            Cursor c(e + 1);
            return make_rule(Cfa::RbpDeref, slot, int32_t(c.sleb()));
        }
        return make_rule(Cfa::Unknown);
    }
    if (s.cfa_offset < -(1 << 19) || s.cfa_offset >= (1 << 19)) return make_rule(Cfa::Unknown);
    switch (s.cfa_register) {
        case kRegRsp: return make_rule(Cfa::Rsp, slot, int32_t(s.cfa_offset));
        case kRegRbp: return make_rule(Cfa::Rbp, slot, int32_t(s.cfa_offset));
        case kRegR10: return make_rule(Cfa::R10, kRbpKept, int32_t(s.cfa_offset));
        default: return make_rule(Cfa::Unknown);
    }
}

struct RawRow {
    uintptr_t pc;
    uint32_t rule;
};

/// Runs one CIE's or FDE's byte code; `out` (may be null) gets a row for each stretch of addresses.
class Machine {
public:
    Machine(const Cie& c, State start, uintptr_t pc, std::vector<RawRow>* out) : state(start), cie(c), initial(start), pc(pc), out(out) {}

    void run(const uint8_t* from, const uint8_t* to) {
        Cursor c(from);
        while (c.p < to && step(c)) {}
        flush();
    }
    State state;

private:
    void flush() { if (out) out->push_back({pc, rule_of(state, cie.signal)}); }
    void advance(uintptr_t to) {
        if (to != pc) flush();
        pc = to;
    }
    void save(uint64_t reg, int64_t at) {
        if (reg == kRegRbp) state.rbp_at = at, state.rbp_at_rbp = false;
        if (reg == kRegReturn) state.root = false;
    }
    void forget(uint64_t reg) { if (reg == kRegRbp) state.rbp_at = 0, state.rbp_at_rbp = false; }
    void restore(uint64_t reg) { if (reg == kRegRbp) state.rbp_at = initial.rbp_at, state.rbp_at_rbp = initial.rbp_at_rbp; }
    void cfa(uint64_t reg, int64_t offset) { state.cfa_register = reg, state.cfa_offset = offset, state.cfa_expression = nullptr; }

    bool step(Cursor& c) {
        uint8_t op = *c.p++, low = op & 0x3f;
        switch (op >> 6) {
            case 1: advance(pc + low * cie.code_align); return true;
            case 2: save(low, int64_t(c.uleb()) * cie.data_align); return true;
            case 3: restore(low); return true;
        }
        switch (op) {
            case 0x00: return true;                                                        // nop
            case 0x01: advance(c.pointer(cie.encoding)); return true;                      // set_loc
            case 0x02: advance(pc + c.fixed<uint8_t>() * cie.code_align); return true;     // advance_loc1
            case 0x03: advance(pc + c.fixed<uint16_t>() * cie.code_align); return true;    // advance_loc2
            case 0x04: advance(pc + c.fixed<uint32_t>() * cie.code_align); return true;    // advance_loc4
            case 0x05: { auto r = c.uleb(); save(r, int64_t(c.uleb()) * cie.data_align); return true; }
            case 0x06: restore(c.uleb()); return true;
            case 0x07: { auto r = c.uleb(); if (r == kRegReturn) state.root = true; forget(r); return true; }  // undefined
            case 0x08: forget(c.uleb()); return true;                                      // same_value
            case 0x09: { auto r = c.uleb(); c.uleb(); forget(r); return true; }            // register
            case 0x0a: saved.push_back(state); return true;                                // remember_state
            case 0x0b: if (!saved.empty()) state = saved.back(), saved.pop_back(); return true;
            case 0x0c: { auto r = c.uleb(); cfa(r, int64_t(c.uleb())); return true; }
            case 0x0d: cfa(c.uleb(), state.cfa_offset); return true;
            case 0x0e: state.cfa_offset = int64_t(c.uleb()); return true;
            case 0x0f: state.cfa_expression_size = c.uleb(); state.cfa_expression = c.p; c.p += state.cfa_expression_size; return true;
            case 0x10: case 0x16: {                                                        // expression, val_expression
                auto r = c.uleb();
                auto n = c.uleb();
                forget(r);
                if (r == kRegRbp && op == 0x10 && n == 2 && c.p[0] == 0x76 && c.p[1] == 0) state.rbp_at_rbp = true;
                c.p += n;
                return true;
            }
            case 0x11: { auto r = c.uleb(); save(r, c.sleb() * cie.data_align); return true; }
            case 0x12: { auto r = c.uleb(); cfa(r, c.sleb() * cie.data_align); return true; }
            case 0x13: state.cfa_offset = c.sleb() * cie.data_align; return true;
            case 0x14: case 0x15: c.uleb(); c.uleb(); return true;                         // val_offset
            case 0x2e: c.uleb(); return true;                                              // GNU_args_size
            default: return false;
        }
    }

    const Cie& cie;
    State initial;
    uintptr_t pc;
    std::vector<RawRow>* out;
    std::vector<State> saved;
};

Cie read_cie(const uint8_t* at) {
    Cie cie;
    Cursor c(at);
    uint64_t length = c.fixed<uint32_t>();
    if (length == 0xffffffff) length = c.fixed<uint64_t>();
    cie.end = c.p + length;
    c.p += 4;  // the zero that marks a CIE
    uint8_t version = *c.p++;
    auto* augmentation = reinterpret_cast<const char*>(c.p);
    c.p += strlen(augmentation) + 1;
    cie.code_align = c.uleb();
    cie.data_align = c.sleb();
    if (version == 1) c.p++;
    else c.uleb();
    const uint8_t* program = nullptr;
    for (const char* a = augmentation; *a; a++) switch (*a) {
        case 'z': { uint64_t n = c.uleb(); program = c.p + n; cie.augmented = true; break; }
        case 'R': cie.encoding = *c.p++; break;
        case 'P': { uint8_t e = *c.p++; c.pointer(e); break; }
        case 'L': c.p++; break;
        case 'S': cie.signal = true; break;
    }
    cie.program = program ? program : c.p;
    return cie;
}

}  // namespace

std::vector<Row> compile_eh_frame(const uint8_t* section, uintptr_t load_address) {
    std::vector<RawRow> raw;
    const uint8_t *last_cie_at = nullptr;
    Cie cie;
    State cie_state;
    for (const uint8_t* at = section;;) {
        Cursor c(at);
        uint64_t length = c.fixed<uint32_t>();
        if (!length) break;
        if (length == 0xffffffff) length = c.fixed<uint64_t>();
        const uint8_t* body = c.p;
        at = body + length;
        uint32_t id = c.fixed<uint32_t>();
        if (!id) continue;  // a CIE, read when an FDE asks for it
        const uint8_t* cie_at = body - id;
        if (cie_at != last_cie_at) {
            cie = read_cie(cie_at);
            last_cie_at = cie_at;
            Machine m(cie, State{}, 0, nullptr);
            m.run(cie.program, cie.end);
            cie_state = m.state;
        }
        uintptr_t low = c.pointer(cie.encoding), size = c.pointer(cie.encoding & 0x0f);
        if (cie.augmented) {
            uint64_t n = c.uleb();
            c.p += n;
        }
        if (!low || !size) continue;  // a function the linker removed
        Machine m(cie, cie_state, low, &raw);
        m.run(c.p, at);
        raw.push_back({low + size, make_rule(Cfa::None)});
    }
    // Functions come in any order. Where one ends and the next begins, the end's "nothing known" must not win.
    std::stable_sort(raw.begin(), raw.end(), [](const RawRow& a, const RawRow& b) { return a.pc < b.pc; });
    std::vector<Row> rows;
    rows.reserve(raw.size());
    for (size_t i = 0; i < raw.size();) {
        uint32_t rule = raw[i].rule;
        size_t j = i;
        for (; j < raw.size() && raw[j].pc == raw[i].pc; j++)
            if (rule_kind(raw[j].rule) != Cfa::None) rule = raw[j].rule;
        if (rows.empty() || rows.back().rule != rule) rows.push_back({uint32_t(raw[i].pc - load_address), rule});
        i = j;
    }
    rows.shrink_to_fit();
    return rows;
}

}  // namespace od::profile
