pragma circom 2.1.6;

include "model.circom";

// The hidden value of a 20-bit limb, which is the sum plus 2^19: negative sums are 0, shifted by 7, 127 at the most.
template Hidden() {
    signal input bits[20];
    signal output value;
    var low = 0;
    for (var i = 0; i < 7; i++) {
        low += bits[7 + i] * (1 << i);
    }
    var high = 0;
    for (var i = 14; i < 19; i++) {
        high += bits[i];
    }
    // above is 1 exactly where one of the high bits is set.
    signal inverse <-- high != 0 ? 1 / high : 0;
    signal above <== high * inverse;
    high * (1 - above) === 0;
    signal clamped <== low + above * (127 - low);
    // Bit 19 is set where the sum is not negative.
    value <== bits[19] * clamped;
}

// The output of the committed model for a committed input. Nothing of the model or the input is shown.
// Public signals: model, input, output, job.
template Inference() {
    signal input job;
    signal input first[16];
    signal input second[12];
    signal input firstBias;
    signal input secondBias;
    signal input salt;
    signal input x[16];
    signal input inputSalt;
    signal output model;
    signal output input_;
    signal output output_;

    model <== ModelCommitment()(first, second, firstBias, secondBias, salt);

    var packed = 0;
    for (var i = 0; i < 16; i++) {
        Signed(8)(x[i]);
        packed += (x[i] + 128) * (1 << (8 * i));
    }
    input_ <== Hash2()([packed, inputSalt]);

    // 2^19 is added to each result, so that none is negative and borrows from its neighbour.
    var sum = firstBias;
    signal product[16];
    for (var i = 0; i < 16; i++) {
        product[i] <== x[i] * first[i];
        sum += product[i];
    }
    for (var o = 0; o < 12; o++) {
        sum += (1 << 19) * (1 << (20 * o));
    }
    signal bits[240] <== Bits(240)(sum);

    component hidden[12];
    signal next[12];
    var result = secondBias;
    for (var o = 0; o < 12; o++) {
        hidden[o] = Hidden();
        for (var i = 0; i < 20; i++) {
            hidden[o].bits[i] <== bits[20 * o + i];
        }
        next[o] <== hidden[o].value * second[o];
        result += next[o];
    }
    for (var o = 0; o < 4; o++) {
        result += (1 << 19) * (1 << (20 * o));
    }
    // Four numbers of 20 bits, each plus 2^19; registered weights cannot reach beyond them.
    output_ <== result;

    // Binds the proof to its job: a signal in no line could be changed afterwards.
    signal bound <== job * job;
}

component main { public [job] } = Inference();
