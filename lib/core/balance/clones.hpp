#pragma once

/// In front of a function whose loops gain from what newer processors have: it is compiled for each of these
/// levels, and the loader takes the one that fits the machine. Only what is inlined into the function gains.
/// The sanitizers do not support functions that the loader chooses.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define JUNCTION_CLONES [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define JUNCTION_CLONES
#endif
