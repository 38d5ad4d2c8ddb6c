// Runs a command and says on one line what it cost: CPU seconds (user and system), wall seconds, largest
// resident KiB.
//   measure COMMAND [ARGUMENT...]      its standard output goes to /dev/null
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr), 2;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execvp(argv[1], argv + 1);
    std::perror(argv[1]);
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) return std::perror("measure"), 1;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  std::printf("%.4f %.4f %ld\n", seconds(used.ru_utime) + seconds(used.ru_stime), wall.count(),
              used.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
