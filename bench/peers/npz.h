/*
 * Arrays of doubles in NPZ files, as far as the peers exchange them: members of a zip archive that are stored and not compressed, each an NPY file of
 * little-endian doubles in row-major order. What is not that ends the program.
 */
#ifndef NPZ_H
#define NPZ_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned char *bytes;
    size_t length;
} npz;

static inline void npz_fail(const char *what, const char *name)
{
    fprintf(stderr, "%s: %s\n", name, what);
    exit(1);
}

static inline uint32_t npz_number(const unsigned char *p, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

static inline npz npz_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        npz_fail("cannot be opened", path);
    fseek(file, 0, SEEK_END);
    npz archive = { NULL, (size_t)ftell(file) };
    rewind(file);
    archive.bytes = malloc(archive.length + 1);
    if (!archive.bytes || fread(archive.bytes, 1, archive.length, file) != archive.length)
        npz_fail("cannot be read", path);
    fclose(file);
    return archive;
}

/* The values of an array (aligned for doubles) and how many there are. */
static inline double *npz_array(npz archive, const char *name, size_t *count)
{
    const unsigned char *end = archive.bytes + archive.length - 22;
    while (end > archive.bytes && npz_number(end, 4) != 0x06054b50)
        end--;
    const unsigned char *entry = archive.bytes + npz_number(end + 16, 4);
    for (uint32_t i = npz_number(end + 10, 2); i > 0; i--) {
        const uint32_t method = npz_number(entry + 10, 2), size = npz_number(entry + 24, 4), length = npz_number(entry + 28, 2);
        if (length == strlen(name) + 4 && !memcmp(entry + 46, name, length - 4)) {
            const unsigned char *local = archive.bytes + npz_number(entry + 42, 4);
            const unsigned char *npy = local + 30 + npz_number(local + 26, 2) + npz_number(local + 28, 2);
            const uint32_t head = npy[6] == 1 ? 10 + npz_number(npy + 8, 2) : 12 + npz_number(npy + 8, 4);
            if (method != 0 || memcmp(npy, "\x93NUMPY", 6) || !memmem(npy, head, "<f8", 3))
                npz_fail("not a stored array of doubles", name);
            *count = (size - head) / sizeof(double);
            double *values = aligned_alloc(64, ((size - head) + 63) / 64 * 64 + 64);
            memcpy(values, npy + head, size - head);
            return values;
        }
        entry += 46 + length + npz_number(entry + 30, 2) + npz_number(entry + 32, 2);
    }
    npz_fail("there is no such array", name);
    return NULL;
}

static inline uint32_t npz_checksum(const unsigned char *bytes, size_t length, uint32_t crc)
{
    for (crc = ~crc; length > 0; length--, bytes++) {
        crc ^= *bytes;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

typedef struct {
    FILE *file;
    unsigned char directory[4096];
    uint32_t length, entries;
} npz_writer;

static inline unsigned char *npz_put(unsigned char *p, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *p++ = value >> 8 * i & 255;
    return p;
}

/* Adds an array of rows x columns; columns 0 makes it one-dimensional. */
static inline void npz_add(npz_writer *writer, const char *name, const double *values, size_t rows, size_t columns)
{
    unsigned char npy[128], local[256], *p = npy;
    char shape[64];
    snprintf(shape, sizeof shape, columns ? "(%zu, %zu)" : "(%zu,)", rows, columns);
    memcpy(p, "\x93NUMPY\1\0", 8);
    npz_put(p + 8, 118, 2);
    const int used = snprintf((char *)p + 10, 118, "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    memset(p + 10 + used, ' ', 118 - used);
    npy[127] = '\n';

    const size_t size = rows * (columns ? columns : 1) * sizeof(double);
    const uint32_t length = strlen(name) + 4, offset = ftell(writer->file);
    const uint32_t crc = npz_checksum((const unsigned char *)values, size, npz_checksum(npy, 128, 0));
    unsigned char common[26];
    p = npz_put(common, 20, 2), p = npz_put(p, 0, 4), p = npz_put(p, 0, 2), p = npz_put(p, 33, 2); /* version, flags and method, the earliest date */
    p = npz_put(p, crc, 4), p = npz_put(p, 128 + size, 4), p = npz_put(p, 128 + size, 4), p = npz_put(p, length, 2), p = npz_put(p, 0, 2);
    p = npz_put(local, 0x04034b50, 4);
    memcpy(p, common, 26);
    sprintf((char *)p + 26, "%s.npy", name);
    fwrite(local, 1, 30 + length, writer->file);
    fwrite(npy, 1, 128, writer->file);
    fwrite(values, 1, size, writer->file);

    p = npz_put(writer->directory + writer->length, 0x02014b50, 4);
    p = npz_put(p, 20, 2);
    memcpy(p, common, 26);
    p = npz_put(p + 26, 0, 4), p = npz_put(p, 0, 2), p = npz_put(p, 0, 4), p = npz_put(p, offset, 4);
    sprintf((char *)p, "%s.npy", name);
    writer->length += 46 + length;
    writer->entries++;
}

static inline void npz_end(npz_writer *writer)
{
    unsigned char end[22], *p = npz_put(end, 0x06054b50, 4);
    const uint32_t offset = ftell(writer->file);
    p = npz_put(p, 0, 4), p = npz_put(p, writer->entries, 2), p = npz_put(p, writer->entries, 2);
    p = npz_put(p, writer->length, 4), p = npz_put(p, offset, 4), npz_put(p, 0, 2);
    fwrite(writer->directory, 1, writer->length, writer->file);
    fwrite(end, 1, 22, writer->file);
    if (fclose(writer->file))
        npz_fail("cannot be written", "result");
}
#endif
