// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorLog} from "openledger/AnchorLog.sol";
import {Campaign} from "./Campaign.sol";

/// @notice Two anchorers that know more or less what the other did.
contract AnchorCampaign is Campaign {
    AnchorLog private immutable log;

    uint64 private size;
    bytes32 private root = sha256("");

    constructor(AnchorLog log_) {
        log = log_;
    }

    function act(uint256 random) internal override {
        uint64 fromSize = random % 2 == 0 ? size : uint64((random >> 8) % (size + 3));
        uint64 toSize = uint64((random >> 72) % (size + 100));
        bytes32 next = keccak256(abi.encode(random));
        try log.anchor(fromSize, toSize, next) {
            if (fromSize != size) breach("a checkpoint landed that did not start at the size of the log");
            if (toSize <= size) breach("the log shrank");
            (size, root) = (toSize, next);
        } catch {
            if (fromSize == size && toSize > size) breach("a good checkpoint was refused");
        }
    }

    function unbalanced() internal view override returns (string memory) {
        if (log.size() != size || log.root() != root) return "the log is not where its last checkpoint put it";
        return "";
    }
}
