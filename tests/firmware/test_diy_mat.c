// SPDX-License-Identifier: GPL-3.0-or-later
// The mat's firmware, as it is flashed, on a simulated ATmega328P (simavr). What its pins say to
// the multiplexers decides what its converter reads; what its UART sends is read by psoasmon.
//   test_diy_mat FIRMWARE.elf PAD
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <simavr/avr_adc.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>

#include "pad/deframer.h"

#define LINES      16
#define FRAMES     3
#define CLOCK_HZ   16000000
#define SUPPLY_MV  5000
#define FULL_SCALE 1023

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

struct bed {
    avr_t *avr;
    avr_irq_t *converter;
    const struct pad *pad;
    struct deframer *deframer;
    unsigned row, col; // that the multiplexers let through
    unsigned n_frames;
    avr_cycle_count_t at[FRAMES];
};

static unsigned volts_mv(unsigned row, unsigned col)
{
    return 100 + row * 290 + col * 13;
}

static void let_through(struct bed *bed)
{
    avr_raise_irq(bed->converter, volts_mv(bed->row, bed->col));
}

// S0 to S3 of the rows' multiplexer are D2 to D5, those of the columns' D8 to D11.
static void on_port_d(struct avr_irq_t *irq, uint32_t value, void *userdata)
{
    (void)irq;
    struct bed *bed = userdata;
    bed->row = value >> 2 & (LINES - 1);
    let_through(bed);
}

static void on_port_b(struct avr_irq_t *irq, uint32_t value, void *userdata)
{
    (void)irq;
    struct bed *bed = userdata;
    bed->col = value & (LINES - 1);
    let_through(bed);
}

static int on_frame(const struct deframed *deframed, void *userdata)
{
    struct bed *bed = userdata;
    MUST(deframed->drop == DROP_NONE && bed->n_frames < FRAMES);
    for (unsigned row = 0; row < LINES; row++)
        for (unsigned col = 0; col < LINES; col++) {
            int count = deframed->frame.counts[bed->pad->cell_of[row * LINES + col]];
            int expected = (int)(volts_mv(row, col) * FULL_SCALE / SUPPLY_MV);
            if (abs(count - expected) > 1) {
                fprintf(stderr, "row %u, column %u: %d instead of %d\n", row, col, count, expected);
                exit(1);
            }
        }
    bed->at[bed->n_frames++] = bed->avr->cycle;
    return 0;
}

static void on_byte(struct avr_irq_t *irq, uint32_t value, void *userdata)
{
    (void)irq;
    struct bed *bed = userdata;
    uint8_t byte = (uint8_t)value;
    MUST(deframer_push(bed->deframer, &byte, 1, on_frame, bed) == 0);
}

static void wire_up(struct bed *bed)
{
    avr_t *avr = bed->avr;
    uint32_t quiet = 0; // neither onto our standard output, nor asleep while it waits
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &quiet);
    bed->converter = avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('D'), IOPORT_IRQ_PIN_ALL),
                            on_port_d, bed);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), IOPORT_IRQ_PIN_ALL),
                            on_port_b, bed);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT),
                            on_byte, bed);
}

static void start(struct bed *bed, const char *elf, const char *pad)
{
    static elf_firmware_t firmware;
    struct error error = {0};
    struct pad *loaded;
    if (pad_load(&loaded, pad, &error) < 0)
        fprintf(stderr, "%s\n", error.text);
    MUST(*error.text == '\0');
    bed->pad = loaded;
    MUST(deframer_new(&bed->deframer, bed->pad) == 0);
    MUST(elf_read_firmware(elf, &firmware) == 0);
    bed->avr = avr_make_mcu_by_name("atmega328p");
    MUST(bed->avr && avr_init(bed->avr) == 0);
    firmware.frequency = CLOCK_HZ;
    avr_load_firmware(bed->avr, &firmware);
    bed->avr->vcc = bed->avr->avcc = bed->avr->aref = SUPPLY_MV;
    wire_up(bed);
}

int main(int argc, char **argv)
{
    MUST(argc == 3);
    static struct bed bed;
    start(&bed, argv[1], argv[2]);
    const avr_cycle_count_t patience = (FRAMES + 2) * CLOCK_HZ / 10;
    while (bed.n_frames < FRAMES && bed.avr->cycle < patience) {
        int state = avr_run(bed.avr);
        MUST(state != cpu_Done && state != cpu_Crashed);
    }
    MUST(bed.n_frames == FRAMES);
    // Ten frames a second, by the chip's own clock.
    for (int i = 1; i < FRAMES; i++) {
        long off = (long)(bed.at[i] - bed.at[i - 1]) - CLOCK_HZ / 10;
        MUST(labs(off) < CLOCK_HZ / 1000);
    }
    MUST(deframer_counts(bed.deframer)->stray_bytes == 0);
    printf("%d frames of the firmware, read\n", FRAMES);
    return 0;
}
