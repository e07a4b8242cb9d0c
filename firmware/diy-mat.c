// SPDX-License-Identifier: GPL-3.0-or-later
// A mat of 16 x 16 resistive cells on an Arduino Uno or Nano (ATmega328P, 16 MHz), read through two
// CD74HC4067: one puts 5 V on a row, the other takes a column to A0, which a resistor pulls to
// ground. More pressure is less resistance, and a higher count. Wiring: docs/diy-mat.md.
#include <avr/io.h>
#include <util/delay.h>

#include "sender.h"

#define ROWS    16
#define COLS    16
#define RATE_HZ 10

// As Arduino and its boot loader do it: 2.1 % too fast, which every receiver takes.
#define BAUD         115200
#define BAUD_DIVISOR ((F_CPU + 4UL * BAUD) / (8UL * BAUD) - 1)

// Ten bits of the converter need 50 to 200 kHz; Timer 1 counts microseconds by four.
#define ADC_CLOCK_DIV_128 (_BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0))
#define TIMER_DIVISOR     64

// A line of the mat is some nanofarads, behind some kilohms.
#define SETTLE_US 20

// The multiplexers' S0 to S3: the rows' on D2 to D5, the columns' on D8 to D11.
#define ROW_SHIFT 2
#define ROW_PINS  (0x0F << ROW_SHIFT)
#define COL_PINS  0x0F

static void select_row(uint8_t row)
{
    PORTD = (uint8_t)((PORTD & ~ROW_PINS) | row << ROW_SHIFT);
}

static void select_col(uint8_t col)
{
    PORTB = (uint8_t)((PORTB & ~COL_PINS) | col);
}

static void begin(void)
{
    DDRD |= ROW_PINS;
    DDRB |= COL_PINS;
    ADMUX = _BV(REFS0); // the supply is full scale; A0
    DIDR0 = _BV(ADC0D);
    ADCSRA = _BV(ADEN) | ADC_CLOCK_DIV_128;
    UBRR0 = BAUD_DIVISOR;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00); // 8 bits, no parity, 1 stop bit
    UCSR0B = _BV(TXEN0);
    OCR1A = F_CPU / TIMER_DIVISOR / RATE_HZ - 1;
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10); // counts up to OCR1A, and begins again
}

static void send(uint8_t byte)
{
    while (!(UCSR0A & _BV(UDRE0)))
        ;
    UDR0 = byte;
}

static uint16_t read_cell(uint8_t col)
{
    select_col(col);
    _delay_us(SETTLE_US);
    ADCSRA |= _BV(ADSC);
    while (ADCSRA & _BV(ADSC))
        ;
    return ADC;
}

// A frame that takes longer than its time makes the next one late, and none is left out.
static void wait_for_time(void)
{
    while (!(TIFR1 & _BV(OCF1A)))
        ;
    TIFR1 = _BV(OCF1A);
}

int main(void)
{
    struct sender sender = {.put = send};
    begin();
    for (;;) {
        wait_for_time();
        sender_begin(&sender);
        for (uint8_t row = 0; row < ROWS; row++) {
            select_row(row);
            for (uint8_t col = 0; col < COLS; col++)
                sender_cell(&sender, read_cell(col));
        }
        sender_end(&sender);
    }
}
