#include "emit_machine.h"

#include <sys/mman.h>

#include <cstring>

#include "emit/routines.h"

namespace stage {
using namespace od;

namespace {

struct Thread {
  uint64_t currentFrame, breaker, top, limit;
  int32_t recursion, pad;
};
struct RealFrame {
  uint64_t executable, previous, funcobj, globals, builtins, locals, frameObj, instrPtr, stacktop, localsplus[1];
};
thread_local uint64_t stackLimit = 0;

struct World {
  Object objects[kObjects];
  uint64_t kinds[unsigned(Kind::Count)];
  uint64_t smallInts[262][4];
  void* freeFloats = nullptr;
  int32_t freeFloatCount = 0;
  Object floats[64];
  IntFreeList freeInts{};
  Object ints[64];
  uint64_t nextObject = 0;
  Thread thread;
  UnitData unit;
  uint64_t datastack[8192];
  uint64_t countdown = 0;
  // of the run in progress
  const ExitMap* map = nullptr;
  Outcome outcome;
  Options options;
};
World world;

void resetPools() {
  world.freeFloats = nullptr;
  world.freeFloatCount = 0;
  for (int i = 0; world.options.freeFloats && i < 8; i++) {
    world.floats[i].type = world.freeFloats;
    world.freeFloats = &world.floats[i];
    world.freeFloatCount++;
  }
  world.freeInts = {};
  for (int i = 0; world.options.freeFloats && i < 8; i++) {
    std::memcpy(&world.ints[i], &world.freeInts.head, 8);
    world.ints[i].type = &world.kinds[unsigned(Kind::Int)];
    world.freeInts.head = &world.ints[i];
    world.freeInts.count++;
  }
  if (world.options.freeFloats) return;
  world.freeFloatCount = 10;   // nothing to take, and no room: what dies is seen
  world.freeInts.count = kIntFreeMax;
}

const RealFrame* base() { return reinterpret_cast<const RealFrame*>(world.datastack); }

std::vector<Frame> framesOf(StateId id, const ExitRegs* regs, const uint64_t* spill) {
  std::vector<Frame> frames;
  while (id.valid()) {
    const DecodedState d = world.map->decode(id);
    Frame frame{d.at, {}};
    for (int32_t i : d.slots) {
      if (i < 0) {
        frame.slots.push_back({Rep::Obj, 0});
        continue;
      }
      const ValueLocation& l = d.values[size_t(i)];
      uint64_t bits = l.payload;
      if (l.where == Where::Gpr) bits = regs ? regs->gpr[l.payload] : 0xbad0bad0;
      if (l.where == Where::Xmm) {
        bits = 0xbad1bad1;
        if (regs) std::memcpy(&bits, &regs->xmm[l.payload], 8);
      }
      if (l.where == Where::Spill) bits = spill[l.payload];
      frame.slots.push_back({l.rep, bits});
    }
    frames.push_back(std::move(frame));
    id = d.parent;
  }
  return frames;
}

void log(std::string what, std::vector<uint64_t> args, bool observable) {
  Event e{std::move(what), std::move(args), {}};
  if (observable) {
    auto* record = reinterpret_cast<const NativeRecord*>(base()->localsplus[15]);   // the frame's last word
    e.shown = framesOf(StateId(record->state), nullptr, reinterpret_cast<const uint64_t*>(record + 1));
    if (base()->instrPtr != 0x5000 + 2 * uint64_t(e.shown.back().at)) e.what += " (instr_ptr is wrong)";
  }
  world.outcome.events.push_back(std::move(e));
  if (world.options.breakAt == world.outcome.events.size()) world.thread.breaker ^= 1;
}

}  // namespace

extern "C" {
uint64_t stage_helper(uint32_t id, uint64_t* gpr, double* xmm) {
  const HelperInfo& row = helperInfo(Helper(id));
  std::vector<uint64_t> args;
  uint32_t g = 0, x = 0;
  bool good = true;
  if (row.passFrame) good = gpr[0] == uint64_t(&world.thread) && gpr[1] == uint64_t(base()), g = 2;
  for (const char* c = row.args; *c; c++) {
    if (*c == '*') {
      const auto* items = reinterpret_cast<const uint64_t*>(gpr[g]);
      args.insert(args.end(), items, items + gpr[g + 1]);
    } else if (*c == 'd') {
      uint64_t bits;
      std::memcpy(&bits, &xmm[x++], 8);
      args.push_back(bits);
    } else {
      args.push_back(gpr[g++]);
    }
  }
  const uint64_t result = helperResult(id, args);
  log(std::string(row.name) + (good ? "" : " (thread state or frame are wrong)"), args, row.observable);
  return result;
}
uint64_t stage_release(uint64_t ts, uint64_t frame, uint64_t obj, uint64_t) {
  const bool good = ts == uint64_t(&world.thread) && frame == uint64_t(base());
  log(good ? "release" : "release (thread state or frame are wrong)", {obj}, false);
  return 0;
}
void stage_dealloc(uint64_t obj) { log("release", {obj}, false); }
uint64_t stage_boxInt(int64_t n) {
  Object& o = heap()[kMortals + (world.nextObject++ & 3)];
  o.refcnt = 1;
  o.digit = uint64_t(n);
  log("box int", {uint64_t(n)}, false);
  return uint64_t(&o);
}
uint64_t stage_boxFloat(double d) {
  Object& o = heap()[kMortals + (world.nextObject++ & 3)];
  o.refcnt = 1;
  std::memcpy(&o.tag, &d, 8);
  log("box float", {o.tag}, false);
  return uint64_t(&o);
}
struct Pair { uint64_t value, fits; };
Pair stage_unboxInt(uint64_t obj) {
  const auto* o = reinterpret_cast<const Object*>(obj);
  log("unbox int", {obj}, false);
  return {o->field[0], o->field[1]};
}
int64_t stage_checkWorld(uint64_t, uint64_t, uint64_t) {
  log("check world", {}, true);
  world.thread.breaker = world.unit.expected;
  return world.options.worldAnswer;
}
int64_t stage_dropFrameObject(uint64_t, uint64_t, uint64_t) { return 1; }
uint64_t stage_entrySlow(uint64_t, uint64_t, uint64_t) { return 0x510; }
ExitAnswer stage_exit(ExitRegs* regs, void*, void*, uint64_t* spill, UnitData*, uint64_t state) {
  world.outcome.exited = true;
  world.outcome.frames = framesOf(StateId(uint32_t(state)), regs, spill);
  return {nullptr, nullptr};
}
}

// Trampolines. Each helper's pushes its id and collects the argument registers; all of them wreck what C may wreck.
#define WRECK                                                                                                        \
  "mov $0x7777777777777777, %rcx\n mov %rcx, %rsi\n mov %rcx, %rdi\n mov %rcx, %r8\n mov %rcx, %r9\n mov %rcx, %r10\n" \
  "mov %rcx, %r11\n movq %rcx, %xmm1\n movq %rcx, %xmm2\n movq %rcx, %xmm3\n movq %rcx, %xmm4\n movq %rcx, %xmm5\n"   \
  "movq %rcx, %xmm6\n movq %rcx, %xmm7\n movq %rcx, %xmm8\n movq %rcx, %xmm9\n movq %rcx, %xmm10\n"                  \
  "movq %rcx, %xmm11\n movq %rcx, %xmm12\n movq %rcx, %xmm13\n movq %rcx, %xmm14\n movq %rcx, %xmm15\n"
#define PLAIN(name) "stage_" name "_w: sub $8, %rsp\n call stage_" name "@PLT\n" WRECK "movq %rcx, %xmm0\n add $8, %rsp\n ret\n"
asm(".text\n"
    "stage_common: push %rbp\n mov %rsp, %rbp\n sub $112, %rsp\n and $-16, %rsp\n"
    "mov %rdi, (%rsp)\n mov %rsi, 8(%rsp)\n mov %rdx, 16(%rsp)\n mov %rcx, 24(%rsp)\n mov %r8, 32(%rsp)\n mov %r9, 40(%rsp)\n"
    "movsd %xmm0, 48(%rsp)\n movsd %xmm1, 56(%rsp)\n movsd %xmm2, 64(%rsp)\n movsd %xmm3, 72(%rsp)\n"
    "mov %eax, %edi\n mov %rsp, %rsi\n lea 48(%rsp), %rdx\n call stage_helper@PLT\n" WRECK
    "mov %rcx, %rdx\n movq %rax, %xmm0\n leave\n ret\n"
    PLAIN("release") PLAIN("dealloc") PLAIN("boxInt") PLAIN("boxFloat") PLAIN("unboxInt") PLAIN("checkWorld")
    PLAIN("dropFrameObject"));
extern "C" void stage_common();
extern "C" void stage_release_w();
extern "C" void stage_dealloc_w();
extern "C" void stage_boxInt_w();
extern "C" void stage_boxFloat_w();
extern "C" void stage_unboxInt_w();
extern "C" void stage_checkWorld_w();
extern "C" void stage_dropFrameObject_w();

namespace {

uint8_t* executable(size_t size) {
  void* p = mmap(nullptr, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return static_cast<uint8_t*>(p);
}

// mov eax, id; jmp [stage_common]
const void* const* helperTable() {
  static std::vector<const void*> table;
  if (!table.empty()) return table.data();
  const size_t n = size_t(Helper::Count);
  uint8_t* code = executable(32 * n);
  for (uint32_t i = 0; i < n; i++) {
    uint8_t* p = code + 32 * i;
    table.push_back(p);
    const uint64_t target = uint64_t(&stage_common);
    *p++ = 0xb8;
    std::memcpy(p, &i, 4), p += 4;
    *p++ = 0xff, *p++ = 0x25, *p++ = 0, *p++ = 0, *p++ = 0, *p++ = 0;
    std::memcpy(p, &target, 8);
  }
  return table.data();
}

// Code lies in one arena, cold parts behind all hot ones.
struct Arena {
  static constexpr size_t kHalf = 1 << 23;
  uint8_t* base = executable(2 * kHalf);
  size_t used = 0;
  Reach reach() const { return {base, base + 2 * kHalf}; }
  CodePlace place(const MachineCode& code) const {
    const CodePlace p{base + used, base + kHalf + used, code.hot, code.cold()};
    link(code, p);
    return p;
  }
  const void* keep(const MachineCode& code) {
    const CodePlace p = place(code);
    used += (code.size() + 63) / 64 * 64;
    return p.hot;
  }
};
Arena arena;

const void* place(const MachineCode& code) { return arena.keep(code); }

const void* exitStub() {
  static const void* stub = place(makeExitStub(reinterpret_cast<const void*>(&stage_exit)).code);
  return stub;
}

Layout makeLayout() {
  Layout l{};
  l.ts_current_frame = offsetof(Thread, currentFrame);
  l.ts_eval_breaker = offsetof(Thread, breaker);
  l.ts_datastack_top = offsetof(Thread, top);
  l.ts_datastack_limit = offsetof(Thread, limit);
  l.ts_py_recursion_remaining = offsetof(Thread, recursion);
  l.fr_executable = offsetof(RealFrame, executable);
  l.fr_previous = offsetof(RealFrame, previous);
  l.fr_funcobj = offsetof(RealFrame, funcobj);
  l.fr_globals = offsetof(RealFrame, globals);
  l.fr_builtins = offsetof(RealFrame, builtins);
  l.fr_locals = offsetof(RealFrame, locals);
  l.fr_frame_obj = offsetof(RealFrame, frameObj);
  l.fr_instr_ptr = offsetof(RealFrame, instrPtr);
  l.fr_stacktop = offsetof(RealFrame, stacktop);
  l.fr_localsplus = offsetof(RealFrame, localsplus);
  l.fn_globals = 32, l.fn_builtins = 40;
  l.ob_refcnt = 0, l.ob_type = 8, l.long_tag = 16, l.long_digit = 24, l.float_value = 16;
  for (unsigned k = 0; k < unsigned(Kind::Count); k++) l.kindType[k] = &world.kinds[k];
  l.None = &world.objects[0], l.True = &world.objects[kObjects - 1], l.False = &world.objects[kObjects - 2];
  l.smallInts = world.smallInts, l.smallIntSize = 32;
  l.floatFreeList = &world.freeFloats, l.floatFreeCount = &world.freeFloatCount, l.floatFreeMax = 10;
  uint64_t fs;
  asm("mov %%fs:0, %0" : "=r"(fs));
  l.stackLimitTls = int64_t(uint64_t(&stackLimit) - fs);
  return l;
}

}  // namespace

Object* heap() { return world.objects; }
uint64_t object(int i) { return uint64_t(&world.objects[i]); }

const Layout& layout() {
  static const Layout l = makeLayout();
  return l;
}

uint32_t helperId(const char* name) {
  for (uint32_t i = 0; i < uint32_t(Helper::Count); i++)
    if (!std::strcmp(helperInfo(Helper(i)).name, name)) return i;
  return 0;
}

uint64_t helperResult(uint32_t id, const std::vector<uint64_t>& args) {
  uint64_t h = id * 0x9e3779b97f4a7c15;
  for (uint64_t x : args) h = (h ^ x) * 0xff51afd7ed558ccd, h ^= h >> 29;
  const HelperInfo& row = helperInfo(Helper(id));
  if (h % 37 == 0 && row.failure == Failure::Null) return 0;
  if (h % 37 == 0 && row.failure == Failure::Neg) return uint64_t(-1);
  if (row.result == Rep::F64) {
    const double d = double(int64_t(h) >> 40);
    std::memcpy(&h, &d, 8);
    return h;
  }
  if (row.result == Rep::I64) return row.failure == Failure::Neg ? h & 0xffff : h;
  if (row.result == Rep::None) return 0x7777777777777777;
  return object(int(h % kMortals));
}

void resetHeap(uint32_t seed) {
  for (int i = 0; i < kObjects; i++) {
    Object& o = world.objects[i];
    seed = seed * 1664525 + 1013904223;
    const bool isInt = i % 2 == 0;
    o = {3, &world.kinds[unsigned(isInt ? Kind::Int : Kind::Other)], 8, seed >> 4, {}};
    o.refcnt = i % 7 == 6 ? int64_t(0xffffffff) : 1 + (seed >> 30);
    if (isInt && seed % 5 == 0) o.tag = 16;   // not compact
    else if (seed % 3 == 0) o.tag = 10;       // negative
    for (uint64_t& w : o.field) seed = seed * 1664525 + 1013904223, w = seed;
    o.field[1] = seed % 4 != 0;
  }
}

EmitContext context() {
  EmitContext c;
  c.layout = &layout();
  c.reach = arena.reach();
  c.helpers = helperTable();
  c.unitData = &world.unit;
  c.exitStub = exitStub();
  static const std::vector<const void*> shown = [] {
    const ShownCalls calls = makeShownCalls(layout(), arena.reach(), helperTable());
    return calls.placedAt(place(calls.code));
  }();
  c.shownHelpers = shown.data();
  static const void* publish = place(makePublish(layout()).code);
  static const void* leave = place(makeLeave(layout()).code);
  static const void* askWorld = place(makeAskWorld(layout(), arena.reach(), reinterpret_cast<const void*>(&stage_checkWorld_w), exitStub()).code);
  c.publish = publish;
  c.leave = leave;
  c.askWorld = askWorld;
  static const void* freeLeaf = place(makeFreeLeaf(layout(), &world.freeInts).code);
  static const void* release = place(makeReleaseShown(layout(), arena.reach(), {reinterpret_cast<const void*>(&stage_release_w), reinterpret_cast<const void*>(&stage_dealloc_w), exitStub()}).code);
  c.freeLeaf = freeLeaf;
  c.releaseShown = release;
  c.dealloc = reinterpret_cast<const void*>(&stage_dealloc_w);
  c.boxIntSlow = reinterpret_cast<const void*>(&stage_boxInt_w);
  c.boxFloatSlow = reinterpret_cast<const void*>(&stage_boxFloat_w);
  c.unboxIntSlow = reinterpret_cast<const void*>(&stage_unboxInt_w);
  c.intFreeList = &world.freeInts;
  c.dropFrameObject = reinterpret_cast<const void*>(&stage_dropFrameObject_w);
  c.entrySlow = reinterpret_cast<const void*>(&stage_entrySlow);
  c.forcedCountdown = &world.countdown;
  return c;
}

Outcome runCompiled(const Function& f, const std::vector<uint64_t>& slots, const Options& o, Assembled* keep) {
  EmitContext c = context();
  c.countGuards = o.countdown != 0;
  Assembled code = emit(f, c);
  Outcome failed;
  if (!code.error.empty()) {
    failed.events.push_back({"not emitted: " + code.error, {}, {}});
    return failed;
  }
  const CodePlace text = arena.place(code.code);
  world.map = &code.exits;
  world.options = o;
  world.countdown = o.countdown;
  world.outcome = {};
  world.nextObject = 0;
  world.unit = {6, nullptr, 0, f.codes.empty() ? nullptr : f.codes[0], reinterpret_cast<const void*>(f.codeBase.empty() ? 0 : f.codeBase[0]), uint32_t(kNativeStacktop)};
  resetPools();
  std::memset(world.datastack, 0x5a, sizeof world.datastack);
  world.thread = {0xcafe, 6, uint64_t(world.datastack), uint64_t(world.datastack + 8192), 100, 0};
  auto* frame = reinterpret_cast<RealFrame*>(world.datastack);
  std::memcpy(frame->localsplus, slots.data(), 8 * slots.size());
  if (f.kind != UnitKind::Function) {
    frame->localsplus[15] = uint64_t(world.datastack + f.framesize);
    frame->instrPtr = 0x5000;
  }
  if (f.kind == UnitKind::Continuation) world.thread.recursion = 99;
  if (o.shortage == 1) world.thread.breaker++;
  if (o.shortage == 2) world.thread.recursion = 1;
  stackLimit = o.shortage == 3 ? ~0ull : 0;
  if (o.shortage == 4) world.thread.limit = world.thread.top + 300;
  auto entry = reinterpret_cast<uint64_t (*)(Thread*, RealFrame*, void*)>(text.hot + code.entry);
  void* third = f.kind == UnitKind::Loop ? static_cast<void*>(world.datastack + f.framesize) : &world.objects[0];
  const uint64_t result = entry(&world.thread, frame, third);
  Outcome out = std::move(world.outcome);
  if (!out.exited) {
    out.result = result;
    if (!o.shortage && (world.thread.top != uint64_t(world.datastack) || world.thread.recursion != 100))
      out.events.push_back({"the frame was not popped", {world.thread.top, uint64_t(world.thread.recursion)}, {}});
  }
  out.heap.assign(world.objects, world.objects + kObjects);
  if (keep) *keep = std::move(code);
  return out;
}

std::string describe(const Outcome& o) {
  std::string s = o.exited ? "exit" : "result " + std::to_string(o.result);
  auto frames = [&](const std::vector<Frame>& fs) {
    for (const Frame& f : fs) {
      s += "\n    at " + std::to_string(f.at) + ":";
      for (const Seen& v : f.slots) s += std::string(" ") + repName(v.rep) + " " + std::to_string(v.bits);
    }
  };
  frames(o.frames);
  for (const Event& e : o.events) {
    s += "\n  " + e.what;
    for (uint64_t x : e.args) s += " " + std::to_string(x);
    frames(e.shown);
  }
  return s + "\n";
}

}  // namespace stage
