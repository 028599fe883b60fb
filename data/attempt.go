package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// passingError is a failure of the network or the server that may be over soon.
type passingError struct{ err error }

func (e *passingError) Error() string { return e.err.Error() }
func (e *passingError) Unwrap() error { return e.err }

// errStall says that a connection has been silent for too long.
var errStall = errors.New("the server has fallen silent")

// attempt asks once for what is missing of the file and appends it to the part.
// It returns nil at the end of the file.
func (d Download) attempt(ctx context.Context, url string) error {
	part, err := os.OpenFile(d.part(), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	err = d.fill(ctx, part, url)
	return errors.Join(err, part.Close())
}

func (d Download) fill(ctx context.Context, part *os.File, url string) error {
	have, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	// Silence ends the request: the timer is set anew with every read.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := d.watch(d.Stall, func() { cancel(errStall) })
	defer silence.Stop()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept-Encoding", "identity") // a .gz file is wanted as it is
	request.Header.Set("User-Agent", "leeway")
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	answer, err := d.Client.Do(request)
	if err != nil {
		return passing(ctx, err)
	}
	defer answer.Body.Close()
	switch status := answer.StatusCode; {
	case status == http.StatusRequestedRangeNotSatisfiable && have > 0:
		return nil // nothing is missing, or the part is of another file: the sum tells
	case status == http.StatusPartialContent && strings.HasPrefix(answer.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)):
	case status == http.StatusOK, status == http.StatusPartialContent:
		// The server sends all of it, or another range than was asked for.
		if have > 0 {
			_, seek := part.Seek(0, io.SeekStart)
			if err := errors.Join(part.Truncate(0), seek); err != nil {
				return err
			}
			have = 0
		}
		if status == http.StatusPartialContent {
			return &passingError{fmt.Errorf("%s: another range than was asked for", url)}
		}
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
		return &passingError{fmt.Errorf("%s: %s", url, answer.Status)}
	default:
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	return d.copy(ctx, part, answer, have, silence)
}

// copy appends what the server sends to the have bytes of the part.
func (d Download) copy(ctx context.Context, part *os.File, answer *http.Response, have int64, silence timer) error {
	total := d.Bytes
	if answer.ContentLength >= 0 {
		total = have + answer.ContentLength
	}
	most := max(2*d.Bytes, 1<<20)
	buffer := make([]byte, 1<<16)
	for {
		n, err := answer.Body.Read(buffer)
		silence.Reset(d.Stall)
		if have += int64(n); have > most {
			return fmt.Errorf("%s: more than %d bytes, the file has %d", answer.Request.URL, most, d.Bytes)
		}
		if _, err := part.Write(buffer[:n]); err != nil {
			return err
		}
		if n > 0 && d.Progress != nil {
			d.Progress(have, total)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return passing(ctx, err)
		}
	}
}

// passing is an error of the connection; if silence ended it, it says so.
func passing(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errStall) {
		err = errStall
	}
	return &passingError{err}
}
