/*
 * The peer of the card measure: what a plain C program on libpcsclite needs to read the same card.
 *
 * usage: card-peer READER PLAN REPEATS
 * PLAN is a file with one command in hex a line. Only 61xx (GET RESPONSE) and 6Cxx are followed. Prints a line
 * for each reading: commands sent, and milliseconds from the first command to the last answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

enum { MOST_COMMANDS = 64, LONGEST_COMMAND = 261, LONGEST_ANSWER = 258 };

struct command {
    unsigned char bytes[LONGEST_COMMAND];
    DWORD length;
};

static struct command plan[MOST_COMMANDS];
static int planned;
static SCARDHANDLE card;
static const SCARD_IO_REQUEST *protocol;
static int sent;

static void fail(const char *what, LONG code)
{
    fprintf(stderr, "%s: 0x%08lX\n", what, (unsigned long)code);
    exit(1);
}

static void read_plan(const char *path)
{
    char line[2 * LONGEST_COMMAND + 2];
    FILE *file = fopen(path, "r");
    if (!file)
        fail("no plan", 0);
    while (planned < MOST_COMMANDS && fgets(line, sizeof line, file)) {
        struct command *next = &plan[planned];
        unsigned int byte;
        next->length = 0;
        for (const char *at = line; sscanf(at, "%2x", &byte) == 1; at += 2)
            next->bytes[next->length++] = (unsigned char)byte;
        if (next->length > 0)
            planned++;
    }
    fclose(file);
}

static DWORD transmit(const unsigned char *bytes, DWORD length, unsigned char *answer)
{
    DWORD got = LONGEST_ANSWER;
    LONG code = SCardTransmit(card, protocol, bytes, length, NULL, answer, &got);
    if (code != SCARD_S_SUCCESS || got < 2)
        fail("SCardTransmit", code);
    sent++;
    return got;
}

static void run(const struct command *command)
{
    unsigned char answer[LONGEST_ANSWER];
    unsigned char again[LONGEST_COMMAND];
    unsigned char get_response[5] = {0x00, 0xC0, 0x00, 0x00, 0x00};
    DWORD got = transmit(command->bytes, command->length, answer);
    if (answer[got - 2] == 0x6C && command->length == 5) {
        memcpy(again, command->bytes, 5);
        again[4] = answer[got - 1];
        got = transmit(again, 5, answer);
    }
    while (answer[got - 2] == 0x61) {
        get_response[4] = answer[got - 1];
        got = transmit(get_response, sizeof get_response, answer);
    }
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int main(int count, char **arguments)
{
    SCARDCONTEXT context;
    DWORD active;
    LONG code;

    if (count != 4)
        fail("usage: card-peer READER PLAN REPEATS", 0);
    read_plan(arguments[2]);
    code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (code != SCARD_S_SUCCESS)
        fail("SCardEstablishContext", code);
    code = SCardConnect(context, arguments[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                        &card, &active);
    if (code != SCARD_S_SUCCESS)
        fail("SCardConnect", code);
    protocol = active == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    for (int repeat = 0; repeat < atoi(arguments[3]); repeat++) {
        double start = now_ms();
        sent = 0;
        for (int at = 0; at < planned; at++)
            run(&plan[at]);
        printf("%d %.4f\n", sent, now_ms() - start);
    }
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return 0;
}
