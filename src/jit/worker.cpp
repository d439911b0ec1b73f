// One native thread, without a Python thread state: it ticks, and it compiles what is queued.
//
// A tick is a pending call (any Python thread runs it) that hands finished compilations over and looks at what is running.
// The thread is a guest: it blocks all signals, sleeps longer while the process is idle or nothing new turns up, and holds
// no lock while it compiles. It is joined before a fork and started again afterwards by a pending call, so that CPython
// sees a single-threaded process when it looks for threads.
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <atomic>
#include <deque>
#include "jit/conductor.h"

namespace od {

std::atomic<bool> compileCancelled{false};

namespace {

pthread_t thread;
bool alive = false;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t wake;
bool quit = false;                                   // guarded by mutex, as the two queues are
// Never destroyed: Python is gone by then.
auto& queued = *new std::deque<std::unique_ptr<Job>>;
auto& finished = *new std::deque<std::unique_ptr<Job>>;
std::atomic<bool> posted{false};                     // a pending call is on its way
std::atomic<uint32_t> staleTicks{0};                 // ticks since something new was found
uint32_t tick = 0;
PyInterpreterState* interpreter = nullptr;

uint64_t now(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return uint64_t(t.tv_sec) * 1000000000u + uint64_t(t.tv_nsec);
}

// On a Python thread, between two instructions of whatever it runs.
int onTick(void*) {
  posted = false;
  PyThreadState* ts = PyThreadState_GetUnchecked();
  PyObject* exc = PyErr_GetRaisedException();
  std::deque<std::unique_ptr<Job>> done;
  pthread_mutex_lock(&mutex);
  done.swap(finished);
  pthread_mutex_unlock(&mutex);
  for (auto& job : done) finishJob(std::move(job));
  bool news = false;
  look(++tick, ts, &news);
  if (news) staleTicks = 0;
  else staleTicks++;
  if (tick % 256 == 0) reapRetired();
  if (PyErr_Occurred()) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  return 0;
}

void post() {
  if (posted.exchange(true)) return;
  if (_PyEval_AddPendingCall(interpreter, onTick, nullptr, 0) != _Py_ADD_PENDING_SUCCESS) posted = false;
}

void waitFor(uint64_t ns) {
  timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  uint64_t at = uint64_t(until.tv_nsec) + ns;
  until.tv_sec += time_t(at / 1000000000u);
  until.tv_nsec = long(at % 1000000000u);
  pthread_cond_timedwait(&wake, &mutex, &until);
}

// Process time used by others than this thread, and how long the last stretch of idleness is.
struct Idleness {
  uint64_t wall = now(CLOCK_MONOTONIC), cpu = used();
  uint32_t quiet = 0;
  uint32_t ms() const { return uint32_t(cpu / 1000000u); }
  static uint64_t used() { return now(CLOCK_PROCESS_CPUTIME_ID) - now(CLOCK_THREAD_CPUTIME_ID); }
  bool busy() {
    uint64_t w = now(CLOCK_MONOTONIC), c = used();
    bool b = (c - cpu) * 8 > w - wall;
    wall = w;
    cpu = c;
    quiet = b ? 0 : quiet + 1;
    return b;
  }
};

uint64_t nextInterval(const Idleness& idle) {
  uint64_t base = uint64_t(std::max<int64_t>(50, options().interval)) * 1000u;
  uint64_t n = base << std::min(staleTicks.load() / 128u, 4u);
  if (idle.quiet > 400) return std::max<uint64_t>(n, 100000000u);
  if (idle.quiet > 20) return std::max<uint64_t>(n, 10000000u);
  return n;
}

void* threadMain(void*) {
  constexpr uint64_t kCalm = 200'000'000;   // ns without work, and its memory goes back
  Idleness idle;
  uint64_t lastJob = 0;                     // 0: all is given back
  pthread_mutex_lock(&mutex);
  while (!quit) {
    if (queued.empty()) {
      waitFor(nextInterval(idle));
      if (quit) break;
    }
    if (!queued.empty()) {
      std::unique_ptr<Job> job = std::move(queued.front());
      queued.pop_front();
      pthread_mutex_unlock(&mutex);
      runJob(*job);
      lastJob = now(CLOCK_MONOTONIC);
      pthread_mutex_lock(&mutex);
      if (job->result.declined == "cancelled") {
        job->result = {};
        queued.push_front(std::move(job));
      } else {
        finished.push_back(std::move(job));
        post();
      }
      continue;
    }
    pthread_mutex_unlock(&mutex);
    if (lastJob && now(CLOCK_MONOTONIC) - lastJob > kCalm) {
      WorkMemory::tidy();
      lastJob = 0;
    }
    if (idle.busy()) {
      busyMs = idle.ms();
      post();
    }
    pthread_mutex_lock(&mutex);
    if (!finished.empty()) post();
  }
  pthread_mutex_unlock(&mutex);
  return nullptr;
}

}  // namespace

bool workerRuns() { return alive; }

void startWorker() {
  if (alive || options().how != Mode::Auto) return;
  interpreter = PyInterpreterState_Main();
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&wake, &attributes);
  pthread_condattr_destroy(&attributes);
  quit = false;
  compileCancelled = false;
  posted = false;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  alive = pthread_create(&thread, nullptr, threadMain, nullptr) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (alive) pthread_setname_np(thread, "overdrive");
}

void stopWorker() {
  if (!alive) return;
  compileCancelled = true;
  pthread_mutex_lock(&mutex);
  quit = true;
  pthread_cond_signal(&wake);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, nullptr);
  alive = false;
}

// What was not finished holds references, which the program's end must not find.
void dropJobs() {
  for (auto* jobs : {&queued, &finished})
    while (!jobs->empty()) {
      std::unique_ptr<Job> job = std::move(jobs->front());
      jobs->pop_front();
      finishJob(std::move(job));   // compiling is off: it is thrown away
    }
}

// The thread was joined before the fork: nobody holds the mutex, and the queues are whole.
void resetWorkerInChild() {
  pthread_mutex_init(&mutex, nullptr);
  alive = false;
  posted = false;
}

void submit(std::unique_ptr<Job> job) {
  pthread_mutex_lock(&mutex);
  queued.push_back(std::move(job));
  pthread_cond_signal(&wake);
  pthread_mutex_unlock(&mutex);
}

}  // namespace od
