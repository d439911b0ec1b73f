// The Python stack of a thread in another process. Version differences are numbers (Layout), never code per version.
#pragma once
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <unordered_map>
#include <vector>

namespace od::profile {

/// Offsets in the target's structures; -1 where a version has no such field. overdrive/profile/layouts.py fills it.
struct Layout {
    enum InstructionKind { LastByte = 0, LastUnit = 1, PreviousPointer = 2, CurrentPointer = 3 };

    int64_t runtime_interpreters, interpreter_next, interpreter_threads;
    int64_t interpreter_gil;            // pointer to the GIL's structure
    int64_t thread_next, thread_native_id, thread_pthread;
    int64_t thread_frame, thread_cframe;  // one of them: the frame itself, or a structure that holds it at cframe_frame
    int64_t cframe_frame, thread_chunk;
    int64_t frame_code, frame_previous, frame_instruction, frame_owner, frame_bytes;
    int64_t instruction_kind, first_foreign_owner, code_tag_bits;
    int64_t code_name, code_qualname, code_file, code_first_line, code_table, code_bytecode;
    int64_t unicode_length, unicode_state, ascii_data, compact_data, bytes_data;

    /// Sets a field by its name; false for a name that is none.
    bool set(const std::string& name, int64_t value);
};

struct RemoteFrame {
    uint64_t code;
    uint32_t instruction;  // in code units
};

/// One reader a sampler thread. Addresses that the last stack used are read again in the same system call: most stacks
/// change little, so a whole stack costs one call.
class RemoteReader {
public:
    RemoteReader(pid_t pid, const Layout& layout) : pid(pid), layout(layout) {}

    enum Result { Good, Moved, Broken };
    /// Reads the stack of the thread whose state is at `thread`. `verify` reads the head twice and reports if it moved.
    Result take(uint64_t thread, bool verify, std::vector<RemoteFrame>& out);

    bool read(uint64_t from, void* to, size_t bytes);
    uint64_t word(uint64_t from);
    std::string text(uint64_t unicode);
    std::string bytes(uint64_t object, size_t most);

    static constexpr size_t kMaxDepth = 1024;
    bool truncated = false;

private:
    struct Memory {
        uint64_t sequence = 0;
        std::vector<char> frames;                       // known frames' bytes
        std::vector<char> chunk;                        // start of the data stack's newest chunk
        uint64_t chunk_at = 0, chunk_bytes = 0, used = 1024;
        std::vector<uint64_t> known;                    // frames outside of the chunk, in the stack's order
    };
    const char* find(Memory& m, uint64_t frame, size_t& next_known);

    pid_t pid;
    const Layout& layout;
    std::unordered_map<uint64_t, Memory> threads;
    std::vector<char> single;
};

}  // namespace od::profile
