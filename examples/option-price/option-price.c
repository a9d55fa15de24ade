// SPDX-License-Identifier: Apache-2.0
//
// Prices one option by Monte Carlo. The volatility is estimated from a day of ticks; paths of the
// share price are then drawn under it, and what the option would pay is averaged over them.
//
//   arguments  --strike PRICE      required
//              --right call|put    call unless said
//              --days N            trading days to expiry, 1..2520; 21 unless said
//              --fixings N         prices averaged over the life, 1..252; 1 (a European option) unless
//                                  said, more make it an Asian option
//              --rate R            continuously compounded, a year; 0.03 unless said
//              --paths N           pairs of mirrored paths, 2..100000000; 50000 unless said
//              --seed N            names the random numbers; 1 unless said
//   input      CSV, one tick a line: millisOfDay,priceCents,quantity (a heading line is skipped)
//   output     one "name value" a line
//   exit       0 done, 2 when an argument or a tick is wrong (the message is on stderr)
//
// Deterministic by construction: own random numbers, one order of summation, no contracted products,
// and exp, log, sqrt and erfc are those of wasi-libc, compiled into this module.

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "../arguments.h"

enum {
  TICKS_MAX = 200000,
  FIXINGS_MAX = 252,
  LINE_BYTES_MAX = 256,
  TRADING_DAYS_PER_YEAR = 252,
  SESSION_MILLIS = 30600000,  // 8.5 hours
  SUBSAMPLE_TICKS = 100,      // about five minutes of the day shipped beside this file
};

typedef struct {
  double strike, daysToExpiry, ratePerYear;
  bool isCall;
  int fixings;
  long paths;
  uint64_t seed;
} Option;

typedef struct {
  int count;
  double lastPrice, volatilityPerYear;
} Market;

// What one pair of paths says the option is worth today, and how that moves with price and volatility.
typedef struct {
  double value, delta, vega;
} Sample;

static Option option(int argc, char **argv) {
  Option o = {.strike = 0, .daysToExpiry = 21, .ratePerYear = 0.03, .isCall = true, .fixings = 1,
              .paths = 50000, .seed = 1};
  for (int i = 1; i < argc; i += 2) {
    const char *name = argv[i], *text = valueOf(argc, argv, i);
    if (strcmp(name, "--strike") == 0) o.strike = number(name, text, 0.01, 1e6);
    else if (strcmp(name, "--right") == 0) o.isCall = choice(name, text, "call|put") == 0;
    else if (strcmp(name, "--days") == 0) o.daysToExpiry = whole(name, text, 1, 2520);
    else if (strcmp(name, "--fixings") == 0) o.fixings = whole(name, text, 1, FIXINGS_MAX);
    else if (strcmp(name, "--rate") == 0) o.ratePerYear = number(name, text, -1, 1);
    else if (strcmp(name, "--paths") == 0) o.paths = whole(name, text, 2, 100000000);
    else if (strcmp(name, "--seed") == 0) o.seed = whole(name, text, 0, 2147483647);
    else refuse("%s: no such argument", name);
  }
  if (o.strike == 0) refuse("--strike: the option needs a strike price");
  return o;
}

// --- ticks ---------------------------------------------------------------------------------------

static double logPrices[TICKS_MAX];

/*
 * The volatility a year, by the two-scales estimator of Zhang, Mykland and Ait-Sahalia (2005). Trades
 * bounce between bid and ask. Squared changes over SUBSAMPLE_TICKS ticks, averaged over every start,
 * hold the true variance and a little of that noise; squared changes from tick to tick are nearly all
 * noise, and say how much to take off again.
 */
static double volatilityPerYear(int count, double elapsedMillis) {
  double fine = 0, coarse = 0;
  for (int i = 1; i < count; i++) {
    double change = logPrices[i] - logPrices[i - 1];
    fine += change * change;
  }
  for (int i = SUBSAMPLE_TICKS; i < count; i++) {
    double change = logPrices[i] - logPrices[i - SUBSAMPLE_TICKS];
    coarse += change * change / SUBSAMPLE_TICKS;
  }
  double changes = count - 1;
  double share = (changes - SUBSAMPLE_TICKS + 1) / SUBSAMPLE_TICKS / changes;
  double variance = (coarse - share * fine) / (1 - share);
  if (!(variance > 0)) refuse("the ticks move too little to tell a volatility");
  return sqrt(variance * TRADING_DAYS_PER_YEAR * SESSION_MILLIS / elapsedMillis);
}

static Market market(FILE *ticks) {
  char line[LINE_BYTES_MAX];
  Market m = {0};
  long firstMillis = 0, lastMillis = 0;
  for (int number = 1; fgets(line, sizeof line, ticks) != NULL; number++) {
    if (number == 1 && (line[0] < '0' || line[0] > '9')) continue;
    char *afterMillis, *afterPrice;
    long millis = strtol(line, &afterMillis, 10);
    if (*afterMillis != ',') refuse("line %d of the ticks: expected millisOfDay,priceCents", number);
    long priceCents = strtol(afterMillis + 1, &afterPrice, 10);
    if (afterPrice == afterMillis + 1 || priceCents <= 0 || priceCents > 100000000) {
      refuse("line %d of the ticks: the price must be 1 to 100000000 cents", number);
    }
    if (m.count > 0 && millis < lastMillis) {
      refuse("line %d of the ticks: earlier than the line before", number);
    }
    if (m.count == TICKS_MAX) refuse("more than %d ticks", TICKS_MAX);
    if (m.count == 0) firstMillis = millis;
    lastMillis = millis;
    m.lastPrice = priceCents / 100.0;
    logPrices[m.count++] = log(m.lastPrice);
  }
  if (m.count <= 2 * SUBSAMPLE_TICKS || lastMillis <= firstMillis) {
    refuse("%d ticks are too few: send more than %d, over some time", m.count, 2 * SUBSAMPLE_TICKS);
  }
  m.volatilityPerYear = volatilityPerYear(m.count, (double)lastMillis - (double)firstMillis);
  return m;
}

// --- random numbers ------------------------------------------------------------------------------

static uint64_t randomState;

// SplitMix64 (Steele, Lea and Flood 2014), scaled to (-1, 1).
static double symmetric(void) {
  uint64_t z = randomState += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return (double)(int64_t)z * 0x1p-63;
}

// Marsaglia's polar method: two independent normal numbers from a point inside the unit circle.
static void normalPair(double *a, double *b) {
  double x, y, square;
  do {
    x = symmetric();
    y = symmetric();
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  double scale = sqrt(-2 * log(square) / square);
  *a = x * scale;
  *b = y * scale;
}

static void normals(double *out, int count) {
  for (int i = 0; i < count; i += 2) {
    double second;
    normalPair(&out[i], &second);
    if (i + 1 < count) out[i + 1] = second;
  }
}

// --- pricing -------------------------------------------------------------------------------------

static double yearsToExpiry(const Option *o) { return o->daysToExpiry / TRADING_DAYS_PER_YEAR; }

static double discount(const Option *o) { return exp(-o->ratePerYear * yearsToExpiry(o)); }

static double payoff(const Option *o, double price) {
  double gain = o->isCall ? price - o->strike : o->strike - price;
  return gain > 0 ? gain : 0;
}

static double normalBelow(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }

// What an option on exp(N(mean, deviation^2)) is worth today: Black and Scholes (1973) when that is the
// price at expiry, Kemna and Vorst (1990) when it is the geometric average of the fixings.
static double lognormalValue(const Option *o, double mean, double deviation) {
  double far = (mean - log(o->strike)) / deviation;
  double near = far + deviation;
  double forward = exp(mean + deviation * deviation / 2);
  double value = o->isCall ? forward * normalBelow(near) - o->strike * normalBelow(far)
                           : o->strike * normalBelow(-far) - forward * normalBelow(-near);
  return discount(o) * value;
}

// The same option on the geometric average, which has a closed form; with one fixing it is the option.
static double geometricValue(const Option *o, const Market *m) {
  double n = o->fixings, years = yearsToExpiry(o), volatility = m->volatilityPerYear;
  double drift = o->ratePerYear - volatility * volatility / 2;
  double mean = log(m->lastPrice) + drift * years * (n + 1) / (2 * n);
  double variance = volatility * volatility * years * (n + 1) * (2 * n + 1) / (6 * n * n);
  return lognormalValue(o, mean, sqrt(variance));
}

/*
 * One path, up (sign 1) or mirrored (sign -1). With several fixings the geometric average of the same
 * path is priced along with the arithmetic one and taken off: what is left varies far less, and
 * geometricValue() puts the part taken off back exactly.
 */
static Sample path(const Option *o, const Market *m, const double *shocks, double sign) {
  double step = yearsToExpiry(o) / o->fixings, rootStep = sqrt(step);
  double volatility = m->volatilityPerYear;
  double drift = o->ratePerYear - volatility * volatility / 2;
  double walk = 0, priceSum = 0, vegaSum = 0, exponentSum = 0;
  for (int i = 0; i < o->fixings; i++) {
    double years = step * (i + 1);
    walk += sign * shocks[i] * rootStep;
    double exponent = drift * years + volatility * walk;
    double price = m->lastPrice * exp(exponent);
    priceSum += price;
    vegaSum += price * (walk - volatility * years);
    exponentSum += exponent;
  }
  double average = priceSum / o->fixings;
  double pays = payoff(o, average);
  double slope = pays > 0 ? (o->isCall ? 1 : -1) : 0;
  Sample s = {pays, slope * average / m->lastPrice, slope * vegaSum / o->fixings};
  if (o->fixings > 1) s.value -= payoff(o, m->lastPrice * exp(exponentSum / o->fixings));
  return s;
}

static Sample mirroredPaths(const Option *o, const Market *m, double discounting) {
  double shocks[FIXINGS_MAX];
  normals(shocks, o->fixings);
  Sample up = path(o, m, shocks, 1), down = path(o, m, shocks, -1);
  return (Sample){discounting * (up.value + down.value) / 2, discounting * (up.delta + down.delta) / 2,
                  discounting * (up.vega + down.vega) / 2};
}

static void printPrice(const Option *o, const Market *m, Sample mean, double error) {
  double closed = geometricValue(o, m);
  double price = o->fixings > 1 ? mean.value + closed : mean.value;
  printf("option %s %s\n", o->fixings > 1 ? "asian" : "european", o->isCall ? "call" : "put");
  printf("strike %.2f\n", o->strike);
  printf("days %.0f\n", o->daysToExpiry);
  printf("ticks %d\n", m->count);
  printf("spot %.2f\n", m->lastPrice);
  printf("volatility %.4f\n", m->volatilityPerYear);
  printf("price %.4f\n", price);
  printf("standard-error %.4f\n", error);
  printf("delta %.4f\n", mean.delta);
  printf("vega %.4f\n", mean.vega);
  printf("%s %.4f\n", o->fixings > 1 ? "geometric-average" : "black-scholes", closed);
}

int main(int argc, char **argv) {
  Option o = option(argc, argv);
  Market m = market(stdin);
  randomState = o.seed;

  // Welford's running mean and sum of squares, in the order of the paths.
  Sample mean = {0};
  double squares = 0, discounting = discount(&o);
  for (long i = 1; i <= o.paths; i++) {
    Sample s = mirroredPaths(&o, &m, discounting);
    double before = s.value - mean.value;
    mean.value += before / i;
    squares += before * (s.value - mean.value);
    mean.delta += (s.delta - mean.delta) / i;
    mean.vega += (s.vega - mean.vega) / i;
  }
  printPrice(&o, &m, mean, sqrt(squares / (o.paths - 1) / o.paths));
  return 0;
}
