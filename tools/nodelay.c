/*
 * Preloaded into the training shop's own pcscd: the virtual reader writes each command as two small TCP
 * pieces, and Nagle's rule together with the card side's delayed acknowledgement then costs 44 ms per
 * command. Node cannot switch delayed acknowledgements off, so the reader's end sends at once instead.
 *
 * cc -O2 -Wall -Wextra -shared -fPIC -o dist/tools/nodelay.so tools/nodelay.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int accept(int listener, struct sockaddr *address, socklen_t *length)
{
    static int (*real_accept)(int, struct sockaddr *, socklen_t *);
    if (!real_accept)
        *(void **)&real_accept = dlsym(RTLD_NEXT, "accept");

    int connection = real_accept(listener, address, length);
    int on = 1;
    /* Fails on the unix socket of the clients, which needs no such thing. */
    if (connection >= 0)
        (void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection;
}
