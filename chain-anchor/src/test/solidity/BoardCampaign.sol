// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PolicyBoard} from "openledger/PolicyBoard.sol";
import {Campaign} from "./Campaign.sol";
import {bound, vm} from "./Test.sol";

/// @notice Proposals that were written against the latest epoch or an older one, some of them too early.
contract BoardCampaign is Campaign {
    PolicyBoard private immutable board;

    uint256 private clock = 1_800_000_000;
    uint64 private number;
    uint256 private bindsAt;
    bytes32 private pending;
    bytes32 private binding;

    constructor(PolicyBoard board_) {
        board = board_;
    }

    function act(uint256 random) internal override {
        vm.warp(clock);
        if (clock >= bindsAt) binding = pending;
        if (random % 3 == 0) clock += bound(random >> 8, 1, 2 hours);
        else publish(random >> 8);
    }

    function publish(uint256 random) private {
        uint64 from = random % 3 == 0 ? number : uint64((random >> 8) % (number + 2));
        bytes memory rules = abi.encode(random);
        try board.publish(from, rules) {
            if (from != number) breach("rules landed that did not follow the latest epoch");
            if (clock < bindsAt) breach("rules replaced others that nobody was ever held to");
            ++number;
            pending = sha256(rules);
            bindsAt = clock + board.noticeSeconds();
        } catch {
            if (from == number && clock >= bindsAt) breach("good rules were refused");
        }
    }

    function unbalanced() internal view override returns (string memory) {
        if (board.latest().number != number || board.latest().ruleHash != pending) {
            return "the board is not where its last epoch put it";
        }
        if (board.inForce().ruleHash != (block.timestamp >= bindsAt ? pending : binding)) {
            return "rules bind before their time, or after it";
        }
        return "";
    }
}
