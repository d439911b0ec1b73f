#include "remote.hpp"

#include "base.hpp"

#include <algorithm>
#include <cstring>
#include <sys/uio.h>

namespace od::profile {

bool Layout::set(const std::string& name, int64_t value) {
    static const std::unordered_map<std::string, int64_t Layout::*> fields = {
        {"runtime_interpreters", &Layout::runtime_interpreters}, {"interpreter_next", &Layout::interpreter_next},
        {"interpreter_threads", &Layout::interpreter_threads}, {"interpreter_gil", &Layout::interpreter_gil},
        {"thread_next", &Layout::thread_next}, {"thread_native_id", &Layout::thread_native_id}, {"thread_pthread", &Layout::thread_pthread},
        {"thread_frame", &Layout::thread_frame}, {"thread_cframe", &Layout::thread_cframe}, {"cframe_frame", &Layout::cframe_frame},
        {"thread_chunk", &Layout::thread_chunk}, {"frame_code", &Layout::frame_code}, {"frame_previous", &Layout::frame_previous},
        {"frame_instruction", &Layout::frame_instruction}, {"frame_owner", &Layout::frame_owner}, {"frame_bytes", &Layout::frame_bytes},
        {"instruction_kind", &Layout::instruction_kind}, {"first_foreign_owner", &Layout::first_foreign_owner},
        {"code_tag_bits", &Layout::code_tag_bits}, {"code_name", &Layout::code_name}, {"code_qualname", &Layout::code_qualname},
        {"code_file", &Layout::code_file}, {"code_first_line", &Layout::code_first_line}, {"code_table", &Layout::code_table},
        {"code_bytecode", &Layout::code_bytecode}, {"unicode_length", &Layout::unicode_length}, {"unicode_state", &Layout::unicode_state},
        {"ascii_data", &Layout::ascii_data}, {"compact_data", &Layout::compact_data}, {"bytes_data", &Layout::bytes_data},
    };
    auto it = fields.find(name);
    if (it == fields.end()) return false;
    this->*it->second = value;
    return true;
}

bool RemoteReader::read(uint64_t from, void* to, size_t bytes) {
    iovec local{to, bytes}, remote{reinterpret_cast<void*>(from), bytes};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == ssize_t(bytes);
}

uint64_t RemoteReader::word(uint64_t from) {
    uint64_t v = 0;
    return read(from, &v, sizeof v) ? v : 0;
}

std::string RemoteReader::bytes(uint64_t object, size_t most) {
    uint64_t size = word(object + 16);
    if (!size || size > most) return {};
    std::string out(size, 0);
    return read(object + uint64_t(layout.bytes_data), out.data(), size) ? out : std::string();
}

std::string RemoteReader::text(uint64_t object) {
    uint64_t length = word(object + uint64_t(layout.unicode_length));
    uint32_t state = 0;
    if (!read(object + uint64_t(layout.unicode_state), &state, sizeof state) || length > 4096) return "?";
    unsigned kind = state >> 2 & 7, ascii = state >> 6 & 1;  // interned: 2 bits, kind: 3, compact: 1, ascii: 1
    if (kind != 1 && kind != 2 && kind != 4) return "?";
    std::string raw(length * kind, 0);
    if (!read(object + uint64_t(ascii ? layout.ascii_data : layout.compact_data), raw.data(), raw.size())) return "?";
    std::string out;
    for (uint64_t i = 0; i < length; i++) {
        uint32_t c = 0;
        memcpy(&c, raw.data() + i * kind, kind);
        if (c < 0x80) out += char(c);
        else if (c < 0x800) out += char(0xc0 | c >> 6), out += char(0x80 | (c & 63));
        else if (c < 0x10000) out += char(0xe0 | c >> 12), out += char(0x80 | (c >> 6 & 63)), out += char(0x80 | (c & 63));
        else out += char(0xf0 | c >> 18), out += char(0x80 | (c >> 12 & 63)), out += char(0x80 | (c >> 6 & 63)), out += char(0x80 | (c & 63));
    }
    return out;
}

const char* RemoteReader::find(Memory& m, uint64_t frame, size_t& next_known) {
    size_t size = size_t(layout.frame_bytes);
    if (m.chunk_bytes && frame >= m.chunk_at && frame + size <= m.chunk_at + m.chunk_bytes) {
        m.used = std::max<uint64_t>(m.used, frame - m.chunk_at + 512);
        return m.chunk.data() + (frame - m.chunk_at);
    }
    // Known frames come in the order of the stack before, so the next one is nearly always the one.
    for (size_t k = 0; k < m.known.size(); k++) {
        size_t i = (next_known + k) % m.known.size();
        if (m.known[i] == frame) {
            next_known = i + 1;
            return m.frames.data() + i * size;
        }
    }
    single.resize(size);
    return read(frame, single.data(), size) ? single.data() : nullptr;
}

RemoteReader::Result RemoteReader::take(uint64_t thread, bool verify, std::vector<RemoteFrame>& out) {
    out.clear();
    truncated = false;
    Memory& m = threads[thread];
    size_t size = size_t(layout.frame_bytes);
    uint64_t head_field = thread + uint64_t(layout.thread_cframe >= 0 ? layout.thread_cframe : layout.thread_frame);
    uint64_t head = 0, chunk = 0, head_again = 0;
    constexpr size_t most_chunk = 65536, most_known = 400;
    for (int attempt = 0;; attempt++) {
        if (attempt == 3) return Broken;
        iovec local[most_known + 4], remote[most_known + 4];
        size_t pieces = 0, wanted = 0;
        auto add = [&](void* to, uint64_t from, size_t n) {
            local[pieces] = {to, n};
            remote[pieces++] = {reinterpret_cast<void*>(from), n};
            wanted += n;
        };
        add(&head, head_field, 8);
        if (layout.thread_chunk >= 0) add(&chunk, thread + uint64_t(layout.thread_chunk), 8);
        m.chunk_bytes = m.chunk_at ? std::min<uint64_t>(m.used, most_chunk) : 0;
        m.chunk.resize(most_chunk);
        if (m.chunk_bytes) add(m.chunk.data(), m.chunk_at, m.chunk_bytes);
        size_t known = std::min(m.known.size(), most_known);
        m.frames.resize(known * size);
        for (size_t i = 0; i < known; i++) add(m.frames.data() + i * size, m.known[i], size);
        add(&head_again, head_field, 8);
        ssize_t got = process_vm_readv(pid, local, pieces, remote, pieces, 0);
        if (got == ssize_t(wanted) && (layout.thread_chunk < 0 || chunk == m.chunk_at)) {
            m.known.resize(known);
            break;
        }
        if (got < 8) return Broken;
        if (got < 16) chunk = layout.thread_chunk >= 0 ? word(thread + uint64_t(layout.thread_chunk)) : 0;
        m.chunk_at = chunk;  // prediction failed: another chunk, or a frame that is gone
        if (got != ssize_t(wanted)) m.known.clear(), m.used = 1024;
    }
    size_t next_known = 0;
    uint64_t frame = layout.thread_cframe >= 0 ? word(head + uint64_t(layout.cframe_frame)) : head;
    std::vector<uint64_t> outside;
    m.used = std::max<uint64_t>(1024, m.used * 7 / 8);
    size_t depth = 0;
    auto field = [&](const char* p, int64_t at) {
        uint64_t v;
        memcpy(&v, p + at, sizeof v);
        return v;
    };
    while (frame) {
        if (++depth > 20000) return Broken;
        if (out.size() == kMaxDepth) {
            truncated = true;
            break;
        }
        bool in_chunk = m.chunk_bytes && frame >= m.chunk_at && frame + size <= m.chunk_at + m.chunk_bytes;
        const char* p = find(m, frame, next_known);
        if (!p) return Broken;
        if (!in_chunk && frame - m.chunk_at >= most_chunk) outside.push_back(frame);
        else if (!in_chunk) m.used = std::max<uint64_t>(m.used, std::min<uint64_t>(most_chunk, frame - m.chunk_at + 1024));
        auto owner = layout.frame_owner >= 0 ? uint8_t(p[layout.frame_owner]) : 0;
        if (layout.frame_owner >= 0 && owner > 8) return Broken;
        if (layout.frame_owner < 0 || owner < layout.first_foreign_owner) {
            uint64_t code = field(p, layout.frame_code) & ~uint64_t(layout.code_tag_bits);
            if (!code) return Broken;
            int64_t unit = 0;
            switch (layout.instruction_kind) {
                case Layout::LastByte: { int32_t v; memcpy(&v, p + layout.frame_instruction, 4); unit = v / 2; break; }
                case Layout::LastUnit: { int32_t v; memcpy(&v, p + layout.frame_instruction, 4); unit = v; break; }
                default: unit = int64_t(field(p, layout.frame_instruction) - code - uint64_t(layout.code_bytecode)) / 2;
            }
            out.push_back({code, uint32_t(unit < 0 ? 0 : unit)});
        }
        frame = field(p, layout.frame_previous);
    }
    m.known = std::move(outside);
    if (!verify) return Good;
    uint64_t now = word(head_field);
    return head == head_again && now == head ? Good : Moved;
}

}  // namespace od::profile
